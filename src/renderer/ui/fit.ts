let observer: ResizeObserver | undefined;
/** By the element whose size is observed: those that may fit, or no longer, when it changes. */
const watched = new Map<Element, Set<HTMLElement>>();

function sharedObserver(): ResizeObserver {
  observer ??= new ResizeObserver((entries) => {
    const found = entries
      .flatMap(({ target }) => [...(watched.get(target) ?? [])])
      .map((element) => [element, element.scrollWidth <= element.clientWidth] as const);
    for (const [element, fits] of found) element.toggleAttribute("data-fits", fits);
  });
  return observer;
}

/**
 * Keeps `data-fits` on `element` while nothing in it is wider than it is. Returns what ends that. The browser looks at
 * each observed size in every frame: within `data-fit-scope` one element, `data-fit-box`, is observed for all. It must
 * take the room that others leave, in the line where that changes.
 */
export function watchFit(element: HTMLElement): () => void {
  const box = element.closest("[data-fit-scope]")?.querySelector("[data-fit-box]") ?? element;
  const elements = watched.get(box) ?? new Set();
  watched.set(box, elements.add(element));
  // Observed anew, it tells its size though that has not changed.
  sharedObserver().unobserve(box);
  sharedObserver().observe(box);
  return () => {
    elements.delete(element);
    if (elements.size > 0 || watched.get(box) !== elements) return;
    watched.delete(box);
    sharedObserver().unobserve(box);
  };
}
