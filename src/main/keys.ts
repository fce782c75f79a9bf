/** Providers' keys: the environment's, else those that the user stored, encrypted by the system's keychain. */
import type { SettingsStore } from "./settings.js";

/** The part of Electron's safeStorage that is needed. */
export interface Keychain {
  isEncryptionAvailable(): boolean;
  /** Linux only: `basic_text` is no protection. */
  getSelectedStorageBackend?(): string;
  encryptString(plain: string): Buffer;
  decryptString(encrypted: Buffer): string;
}

export interface Provider {
  readonly name: string;
  /** The environment variable that carries its key. */
  readonly env: string;
}

export type KeySource = "environment" | "settings" | "none";

export class KeyStore {
  readonly #settings: SettingsStore;
  readonly #keychain: Keychain;
  readonly #environment: Readonly<Record<string, string | undefined>>;

  constructor(settings: SettingsStore, keychain: Keychain, environment: Readonly<Record<string, string | undefined>>) {
    this.#settings = settings;
    this.#keychain = keychain;
    this.#environment = environment;
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

  sourceOf(provider: Provider): KeySource {
    if (this.#environment[provider.env]) return "environment";
    return Object.hasOwn(this.#settings.current.keys, provider.name) ? "settings" : "none";
  }

  /** Throws where the keychain is not available. */
  set(provider: string, key: string): void {
    const { available, reason } = this.availability();
    if (!available) throw new Error(reason);
    const encrypted = this.#keychain.encryptString(key).toString("base64");
    this.#settings.update({ keys: { ...this.#settings.current.keys, [provider]: encrypted } });
  }

  remove(provider: string): void {
    const { [provider]: _removed, ...keys } = this.#settings.current.keys;
    this.#settings.update({ keys });
  }

  /** Environment variables for the providers whose keys are stored; one that cannot be decrypted is left out. */
  asEnvironment(providers: readonly Provider[]): Record<string, string> {
    const environment: Record<string, string> = {};
    if (!this.availability().available) return environment;
    for (const provider of providers) {
      const stored = this.#settings.current.keys[provider.name];
      if (stored === undefined || this.sourceOf(provider) !== "settings") continue;
      try {
        environment[provider.env] = this.#keychain.decryptString(Buffer.from(stored, "base64"));
      } catch {
        // Encrypted under another account or machine: as good as no key.
      }
    }
    return environment;
  }
}
