"""What may be a network or a mail domain, and why not."""

import pytest

from newsroom.accounts.rules import BadDomain, BadNetwork, domain_of, host_of, network_of, public_providers, written


@pytest.mark.parametrize(
    ("typed", "network"),
    [
        ("93.184.216.0/24", "93.184.216.0/24"),
        (" 93.184.216.34 ", "93.184.216.34/32"),
        ("93.184.0.0/16", "93.184.0.0/16"),
        ("2A00:1450::/32", "2a00:1450::/32"),
        ("2a00:1450:4001:0800::1", "2a00:1450:4001:800::1/128"),
    ],
)
def test_a_network_is_kept_in_one_way_of_writing(typed, network):
    assert str(network_of(typed)) == network


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "This is no network"),
        ("the library", "This is no network"),
        ("93.184.216.0/33", "This is no network"),
        ("93.184.216.0-93.184.216.9", "This is no network"),
        ("93.184.216.34/24", "Did you mean 93.184.216.0/24"),
        ("93.184.0.0/15", "too wide: /16"),
        ("0.0.0.0/0", "the machine itself"),
        ("2a00:1450::/31", "too wide: /32"),
        ("10.1.2.0/24", "private"),
        ("172.20.0.0/16", "private"),
        ("192.168.1.1", "private"),
        ("100.64.0.0/16", "private"),
        ("fd00:1::/48", "private"),
        ("127.0.0.1", "the machine itself"),
        ("::1", "the machine itself"),
        ("169.254.1.0/24", "link-local"),
        ("fe80::/64", "link-local"),
        ("192.0.2.0/24", "documentation"),
        ("2001:db8:1::/48", "documentation"),
        ("224.0.1.0/24", "multicast"),
        ("ff02::1", "multicast"),
        ("240.1.0.0/16", "Nobody on the internet"),
        ("::ffff:93.184.216.0/120", "Nobody on the internet"),
    ],
)
def test_what_is_nobodys_network_is_named(typed, why):
    with pytest.raises(BadNetwork, match=why) as refusal:
        network_of(typed)
    assert refusal.value.field == "cidr"


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("uni.example", "uni.example"),
        (" @Uni.Example. ", "uni.example"),
        ("müller.example", "xn--mller-kva.example"),
        ("xn--mller-kva.example", "xn--mller-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
    ],
)
def test_a_domain_is_kept_in_lower_case_and_idna_form(typed, domain):
    assert domain_of(typed) == domain


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "no domain"),
        ("localhost", "no domain"),
        ("someone@uni.example", "no domain"),
        ("https://uni.example/", "no domain"),
        ("uni..example", "no domain"),
        ("-uni.example", "no domain"),
        ("uni example", "no domain"),
        ("93.184.216.34", "no domain"),
        ("*.uni.example", "no domain"),
        ("x" * 64 + ".example", "no domain"),
        (".".join(["abcdefgh"] * 30), "no domain"),
        ("gmail.com", "Everybody can have"),
        ("Outlook.COM.", "Everybody can have"),
    ],
)
def test_what_is_no_organisations_domain_is_named(typed, why):
    with pytest.raises(BadDomain, match=why) as refusal:
        domain_of(typed)
    assert refusal.value.field == "name"


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("user@uni.example", "uni.example"),
        ("User+tag@UNI.Example", "uni.example"),
        ("user@evil.example.uni.example", "evil.example.uni.example"),
        ('"user@uni.example"@evil.example', "evil.example"),
        ("user@uni.example.", "uni.example"),
        ("user@müller.example", "xn--mller-kva.example"),
        ("uni.example", ""),
        ("user@", ""),
        ("user@[93.184.216.34]", ""),
    ],
)
def test_the_domain_of_an_address_stands_behind_its_last_at_sign(address, host):
    assert host_of(address) == host


def test_providers_are_written_as_domains_are():
    assert {each for each in public_providers() if each != each.lower() or "." not in each} == set()
    assert len(public_providers()) > 100
    assert written("xn--mller-kva.example") == "müller.example"
