"""Contact data as those see it who may know that there is a lead and not who it is."""

MASK = "***"
SHOWN_DIGITS = 4


def mask_email(email: str) -> str:
    """Return the first character and the domain: 'r***@example.com'. What is no address is hidden
    whole."""
    if not email:
        return ""
    name, at, host = email.rpartition("@")
    return f"{name[:1]}{MASK}@{host}" if at and name else MASK


def mask_phone(phone: str) -> str:
    """Return the last four digits, a star for each one before: '******3210'. Of a short number
    nothing is shown."""
    digits = "".join(character for character in phone if character.isdigit())
    if len(digits) <= SHOWN_DIGITS:
        return "*" * len(digits)
    return "*" * (len(digits) - SHOWN_DIGITS) + digits[-SHOWN_DIGITS:]


def mask_name(name: str) -> str:
    """Return the first character: 'R***'."""
    return f"{name[:1]}{MASK}" if name else ""
