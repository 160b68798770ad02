//! IP addresses that outbound connections may use: the public internet, and blocks that the owner allows.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// IPv4 blocks that are not the public internet (IANA special-purpose registry, multicast, class E).
const SPECIAL_V4: [(Ipv4Addr, u32); 19] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
    (Ipv4Addr::new(255, 255, 255, 255), 32),
];

/// The only part of IPv6 that is handed out for global use; everything outside it is refused.
const GLOBAL_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Special blocks inside [`GLOBAL_V6`]: protocol assignments with Teredo and ORCHID, documentation, 6to4, AS112.
const SPECIAL_V6: [(Ipv6Addr, u32); 5] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
];

/// The well-known NAT64 prefix (RFC 6052): on an IPv6-only network every IPv4 server looks like this.
const NAT64: (Ipv6Addr, u32) = (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

fn in_v4(ip: Ipv4Addr, (base, bits): (Ipv4Addr, u32)) -> bool {
    let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
    ip.to_bits() & mask == base.to_bits() & mask
}

fn in_v6(ip: Ipv6Addr, (base, bits): (Ipv6Addr, u32)) -> bool {
    let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
    ip.to_bits() & mask == base.to_bits() & mask
}

/// Returns the address that a connection would reach: IPv4 in `::ffff:0:0/96` and NAT64 is unwrapped.
pub(crate) fn unwrapped(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None if in_v6(v6, NAT64) => IpAddr::V4(Ipv4Addr::from_bits(v6.to_bits() as u32)),
            None => ip,
        },
    }
}

/// Returns `true` for an address of the public internet.
///
/// This is an allow-list: IPv6 only inside `2000::/3`, so that forgotten forms (IPv4-compatible, local NAT64,
/// discard, site-local, segment routing) are refused without being named.
pub fn is_public(ip: IpAddr) -> bool {
    match unwrapped(ip) {
        IpAddr::V4(v4) => !SPECIAL_V4.iter().any(|block| in_v4(v4, *block)),
        IpAddr::V6(v6) => in_v6(v6, GLOBAL_V6) && !SPECIAL_V6.iter().any(|block| in_v6(v6, *block)),
    }
}

/// A block of addresses as written in the configuration: `10.0.0.0/8`, `fd00::/8`, or one address alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    base: IpAddr,
    bits: u32,
}

impl Cidr {
    /// Returns `true` if the block contains the address. An IPv4 address inside IPv6 counts as IPv4.
    pub fn contains(&self, ip: IpAddr) -> bool {
        match (self.base, unwrapped(ip)) {
            (IpAddr::V4(base), IpAddr::V4(ip)) => in_v4(ip, (base, self.bits)),
            (IpAddr::V6(base), IpAddr::V6(ip)) => in_v6(ip, (base, self.bits)),
            _ => false,
        }
    }
}

impl FromStr for Cidr {
    type Err = String;

    /// # Errors
    /// A message for the owner if the text is not a block.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a block of addresses such as `10.0.0.0/8` or `fd00::/8`");
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let base: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits.parse().map_err(|_| wrong())?,
            None => most,
        };
        if bits > most { Err(wrong()) } else { Ok(Self { base, bits }) }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFUSED: &str = "
        0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.0 10.0.0.1 10.255.255.255 100.64.0.0 100.64.0.1 100.100.100.200
        100.127.255.255 127.0.0.0 127.0.0.1 127.1.2.3 127.255.255.255 169.254.0.0 169.254.169.254 169.254.255.255
        172.16.0.0 172.16.0.1 172.24.1.1 172.31.255.255 192.0.0.0 192.0.0.8 192.0.0.170 192.0.0.255 192.0.2.0
        192.0.2.255 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.0 192.168.1.1 192.168.255.255 192.175.48.1
        198.18.0.0 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 203.0.113.255 224.0.0.1 239.255.255.255
        240.0.0.1 250.1.2.3 255.255.255.254 255.255.255.255
        :: ::1 ::2 ::7f00:1 ::127.0.0.1 ::8.8.8.8 ::ffff:0.0.0.0 ::ffff:10.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1
        ::ffff:169.254.169.254 ::ffff:192.168.0.1 ::ffff:172.16.0.1 ::ffff:100.64.0.1 ::ffff:255.255.255.255
        ::ffff:0:127.0.0.1 ::ffff:0:8.8.8.8
        64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b::192.168.1.1 64:ff9b:1::1 64:ff9b:1::8.8.8.8
        64:ff9b:0:1::8.8.8.8 100::1 100:0:0:1::1 200::1 400::1 1000::1 1fff:ffff::1
        2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:0:7f00:1::1 2001:1::1 2001:2::1 2001:3::1 2001:4:112::1
        2001:10::1 2001:20::1 2001:30::1 2001:1ff:ffff::1 2001:db8::1 2001:db8:ffff::1
        2002::1 2002:7f00:1::1 2002:a00:1::1 2002:c0a8:101::1 2002:808:808::1 3fff::1 3fff:fff::1 2620:4f:8000::1
        4000::1 5f00::1 6000::1 8000::1 c000::1 e000::1 f000::1 fc00::1 fd00::1 fd12:3456:789a::1 fdff::1
        fe80::1 fe80::ffff:1 febf::1 fec0::1 feff::1 ff00::1 ff02::1 ff05::2 ff0e::1
        192.0.0.9 192.0.0.192 198.51.100.255 233.252.0.1
        ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

    const PUBLIC: &str = "
        1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 93.184.216.34 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1
        169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.0.3.0 192.167.255.255
        192.169.0.0 198.17.255.255 198.20.0.0 203.0.112.255 203.0.114.0 223.255.255.255
        2001:200::1 2001:4860:4860::8888 2003::1 2400:cb00::1 2606:4700::1111 2620:4f:7fff::1 2620:4f:8001::1
        2a01:4f8::1 2c00::1 3ffe::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8";

    #[test]
    fn public_and_special_addresses_are_distinguished() {
        let refused: Vec<&str> = REFUSED.split_whitespace().collect();
        let public: Vec<&str> = PUBLIC.split_whitespace().collect();
        assert!(refused.len() >= 120, "{}", refused.len());
        assert!(public.len() >= 30, "{}", public.len());
        for text in refused {
            assert!(!is_public(text.parse().unwrap()), "{text} must be refused");
        }
        for text in public {
            assert!(is_public(text.parse().unwrap()), "{text} must be public");
        }
    }

    #[test]
    fn blocks_contain_their_edges_and_mapped_addresses() {
        let block: Cidr = "10.0.0.0/8".parse().unwrap();
        for (text, inside) in [
            ("10.0.0.0", true),
            ("10.255.255.255", true),
            ("::ffff:10.1.2.3", true),
            ("11.0.0.0", false),
            ("9.255.255.255", false),
            ("fd00::1", false),
        ] {
            assert_eq!(block.contains(text.parse().unwrap()), inside, "{text}");
        }
        let all: Cidr = "::/0".parse().unwrap();
        assert!(all.contains("fe80::1".parse().unwrap()) && !all.contains("10.0.0.1".parse().unwrap()));
        let one: Cidr = "fd00::7".parse().unwrap();
        assert!(one.contains("fd00::7".parse().unwrap()) && !one.contains("fd00::8".parse().unwrap()));
        assert_eq!(one.to_string(), "fd00::7/128");
    }

    #[test]
    fn malformed_blocks_are_named() {
        for text in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "10.0.0.0/", "10.0.0.0/-1", "localhost/8", "1.2.3.4/8/9"]
        {
            let error = text.parse::<Cidr>().unwrap_err();
            assert!(error.contains(text), "{error}");
        }
    }
}
