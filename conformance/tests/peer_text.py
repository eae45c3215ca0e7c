"""The faulty peer's check of text (RFC 6455 §8.1), incremental and strict unless a switch is on."""

import codecs
import re

TAIL = rb"[\x80-\xbf]"
WELL_FORMED = (
    rb"[\x00-\x7f]", rb"[\xc2-\xdf]" + TAIL,
    rb"\xe0[\xa0-\xbf]" + TAIL, rb"[\xe1-\xec\xee\xef]" + TAIL * 2, rb"\xed[\x80-\x9f]" + TAIL,
    rb"\xf0[\x90-\xbf]" + TAIL * 2, rb"[\xf1-\xf3]" + TAIL * 3, rb"\xf4[\x80-\x8f]" + TAIL * 2,
)  # fmt: skip
ALSO = {
    "accepts-overlong-text": (rb"[\xc0\xc1]" + TAIL, rb"\xe0[\x80-\x9f]" + TAIL, rb"\xf0[\x80-\x8f]" + TAIL * 2),
    "accepts-surrogates": (rb"\xed[\xa0-\xbf]" + TAIL,),
    "accepts-beyond-u10ffff": (rb"\xf4[\x90-\xbf]" + TAIL * 2, rb"[\xf5-\xf7]" + TAIL * 3),
}
REFUSED = {
    "refuses-replacement-character": re.compile("\ufffd"),
    "refuses-nul": re.compile("\0"),
    "refuses-noncharacters": re.compile(
        "[\ufdd0-\ufdef" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)) + "]"
    ),
}


class TextCheck:
    """Checks one text message as its bytes arrive. Raises ValueError where it is not to be accepted."""

    def __init__(self, faults):
        self.faults = faults
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.is_first_frame = True
        self.kept = []
        self.is_unchecked = bool(faults & {"accepts-invalid-text", "replaces-invalid-text"})
        self.is_late = bool(faults & (ALSO.keys() | {"late-text-check"}))
        self.refused = [pattern for name, pattern in REFUSED.items() if name in faults]

    def feed(self, chunk, ends_frame, ends_message):
        if self.is_unchecked:
            return
        if self.is_late:
            self.kept.append(chunk)
            if ends_message:
                self.check_whole(b"".join(self.kept))
            return
        if "checks-first-fragment-alone" in self.faults and not self.is_first_frame:
            return
        self.is_first_frame = self.is_first_frame and not ends_frame
        final = ends_message and "accepts-truncated-text" not in self.faults
        if ends_frame and "checks-text-by-frame" in self.faults:
            final = True
        if chunk and "checks-text-by-read" in self.faults:
            final = True
        text = self.decoder.decode(chunk, final)
        pending = self.decoder.getstate()[0]
        if pending[:1] == b"\xed" and pending[1:2] >= b"\xa0":  # of a surrogate: Python waits for its last byte
            raise ValueError("a surrogate")
        if any(pattern.search(text) for pattern in self.refused):
            raise ValueError("refused")

    def check_whole(self, payload):
        sequences = list(WELL_FORMED)
        for name in self.faults & ALSO.keys():
            sequences += ALSO[name]
        if sequences == list(WELL_FORMED):
            payload.decode("utf-8")
        elif not re.fullmatch(rb"(?:" + b"|".join(sequences) + rb")*", payload):
            raise ValueError("invalid")
