/** Providers' keys that the user stored, encrypted by the system's keychain. The environment's keys go before them. */
import type { SettingsStore } from "./settings.js";

/** The part of Electron's safeStorage that is needed. */
export interface Keychain {
  isEncryptionAvailable(): boolean;
  /** Linux only: `basic_text` is no protection. */
  getSelectedStorageBackend?(): string;
  encryptString(plain: string): Buffer;
  decryptString(encrypted: Buffer): string;
}

export class KeyStore {
  readonly #settings: SettingsStore;
  readonly #keychain: Keychain;
  readonly #keys: Record<string, string> = {};

  constructor(settings: SettingsStore, keychain: Keychain) {
    this.#settings = settings;
    this.#keychain = keychain;
  }

  /** Provider → key. The engines look here at every call, so that a key counts as soon as it is set. */
  get keys(): Readonly<Record<string, string>> {
    return this.#keys;
  }

  /** Only after the app is ready does the keychain answer. */
  availability(): { available: boolean; reason: string } {
    if (!this.#keychain.isEncryptionAvailable()) {
      return { available: false, reason: "No system keychain answers here. Set the key in the environment instead." };
    }
    if (this.#keychain.getSelectedStorageBackend?.() === "basic_text") {
      return {
        available: false,
        reason:
          "The system has no keyring that encrypts (install gnome-keyring or kwallet), or set the key in the environment.",
      };
    }
    return { available: true, reason: "" };
  }

  get isEmpty(): boolean {
    return Object.keys(this.#settings.current.keys).length === 0;
  }

  /** Decrypts what is stored; a key of another account or machine cannot be, and is as good as none. */
  load(): void {
    if (this.isEmpty || !this.availability().available) return;
    for (const [provider, stored] of Object.entries(this.#settings.current.keys)) {
      try {
        this.#keys[provider] = this.#keychain.decryptString(Buffer.from(stored, "base64"));
      } catch {
        delete this.#keys[provider];
      }
    }
  }

  /** Throws where the keychain is not available. */
  set(provider: string, key: string): void {
    const { available, reason } = this.availability();
    if (!available) throw new Error(reason);
    const encrypted = this.#keychain.encryptString(key).toString("base64");
    this.#settings.update({ keys: { ...this.#settings.current.keys, [provider]: encrypted } });
    this.#keys[provider] = key;
  }

  remove(provider: string): void {
    const { [provider]: _removed, ...keys } = this.#settings.current.keys;
    this.#settings.update({ keys });
    delete this.#keys[provider];
  }
}
