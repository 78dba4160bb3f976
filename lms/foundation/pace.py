"""How often one address may ask the register: enough for a person with a pile of papers, too little to sweep it."""

from ipaddress import ip_address, ip_network
from threading import Lock

MINUTE = 60.0                   # seconds


class Pace:
    """Counts by address within the present minute, in this process's memory; the next minute begins from nothing."""

    def __init__(self, most: int):
        self.most, self.minute, self.counts, self.lock = most, -1, dict[str, int](), Lock()

    def allows(self, address: str, instant: float) -> bool:
        """Count one more; False once there are more than `most` in the minute."""
        key = network(address)
        with self.lock:
            if self.minute != (minute := int(instant // MINUTE)):
                self.minute, self.counts = minute, {}
            self.counts[key] = self.counts.get(key, 0) + 1
            return self.counts[key] <= self.most


def network(address: str) -> str:
    """A whole IPv6 /64 belongs to one line: counting single addresses of it would count nothing."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "?"
    return str(ip) if ip.version == 4 else str(ip_network(f"{ip}/64", strict=False))
