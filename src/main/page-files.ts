/** Knows from the page's own HTML which files it cannot start without. */
export class PageFiles {
  #missing: Set<string> | undefined;

  /** A file was served. Returns true once nothing that the page names is missing. */
  served(path: string, data: Buffer): boolean {
    if (path.endsWith(".html")) {
      const names = data.toString().matchAll(/\s(?:src|href)="\.(\/[^"]+)"/g);
      this.#missing = new Set([...names].map(([, name = ""]) => name));
    } else this.#missing?.delete(path);
    return this.#missing?.size === 0;
  }
}
