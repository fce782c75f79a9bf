/** Labels between square brackets in `source`, normalised, whether or not they are links. */
export function labelsIn(source: string): Set<string> {
  const labels = new Set<string>();
  if (!source.includes("[")) return labels;
  for (const match of source.matchAll(/\[((?:[^[\]\\]|\\[\s\S]){1,999})\]/g))
    labels.add(normaliseLabel(match[1] ?? ""));
  return labels;
}

/** The form in which Markdown compares labels, in lower case as syntax trees give it. */
export function normaliseLabel(label: string): string {
  return label
    .replace(/[\t\n\r ]+/g, " ")
    .replace(/^ | $/g, "")
    .toLowerCase()
    .toUpperCase()
    .toLowerCase();
}
