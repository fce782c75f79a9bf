let observer: ResizeObserver | undefined;

function sharedObserver(): ResizeObserver {
  observer ??= new ResizeObserver((entries) => {
    const found = entries.map(
      ({ target }) => [target as HTMLElement, target.scrollWidth <= target.clientWidth] as const,
    );
    for (const [element, fits] of found) element.toggleAttribute("data-fits", fits);
  });
  return observer;
}

/** Keeps `data-fits` on `element` while nothing in it is wider than it is. Returns what ends that. */
export function watchFit(element: HTMLElement): () => void {
  sharedObserver().observe(element);
  return () => sharedObserver().unobserve(element);
}
