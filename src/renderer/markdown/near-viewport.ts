const callbacks = new WeakMap<Element, () => void>();
let observer: IntersectionObserver | undefined;

/**
 * Calls `callback` once, when `element` is on screen or about to be scrolled onto it; at once where that cannot be
 * told. Returns what cancels it.
 */
export function whenNearViewport(element: Element, callback: () => void): () => void {
  if (typeof IntersectionObserver === "undefined") {
    callback();
    return () => undefined;
  }
  observer ??= newObserver();
  callbacks.set(element, callback);
  observer.observe(element);
  return () => {
    callbacks.delete(element);
    observer?.unobserve(element);
  };
}

function newObserver(): IntersectionObserver {
  // scrollMargin looks ahead inside scrolling tiles; Chromium knows it from 120, and older ones leave it out.
  const options: IntersectionObserverInit & { scrollMargin: string } = { rootMargin: "400px", scrollMargin: "400px" };
  return new IntersectionObserver((entries, self) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      self.unobserve(target);
      const callback = callbacks.get(target);
      callbacks.delete(target);
      callback?.();
    }
  }, options);
}
