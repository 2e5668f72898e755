"""The addresses of products, below /desk/products/."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from newsroom.newsdesk.products import deeds, views

urlpatterns = [
    path("products/", require_admin_access(views.ProductList.as_view()), name="products"),
    path("products/new/", require_admin_access(views.NewProduct.as_view()), name="new_product"),
    path("products/<int:pk>/", require_admin_access(views.ProductDetail.as_view()), name="product"),
    path("products/<int:pk>/rule/", require_admin_access(views.EditRule.as_view()), name="product_rule"),
    path("products/<int:pk>/describe/", require_admin_access(deeds.Describe.as_view()), name="describe_product"),
    path("products/<int:pk>/<slug:change>/", require_admin_access(deeds.Change.as_view()), name="change_product"),
]
