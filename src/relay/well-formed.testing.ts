/**
 * What viewers see of a text that may hold halves of surrogate pairs: each half alone is U+FFFD, and a first half at
 * the end of a stream that is still open is not shown yet. Written unit by unit, unlike the relay.
 */
export function wellFormed(text: string, open: boolean): string {
  let out = "";
  for (let index = 0; index < text.length; index++) {
    const unit = text.charAt(index);
    const next = text.charAt(index + 1);
    const high = unit >= "\ud800" && unit <= "\udbff";
    const low = unit >= "\udc00" && unit <= "\udfff";
    if (high && next >= "\udc00" && next <= "\udfff") {
      out += unit + next;
      index += 1;
    } else if (high && next === "" && open) return out;
    else out += high || low ? "\ufffd" : unit;
  }
  return out;
}
