import { useEffect, useState } from "react";

type GeneratedForm = typeof import("./generated-form.js").GeneratedForm;

let loaded: GeneratedForm | undefined;

/**
 * The form for any schema, undefined until it has been loaded: the generator is larger than the page around it. Not by
 * Suspense, which keeps back what arrives within 300 ms of a fallback.
 */
export function useGeneratedForm(wanted: boolean): GeneratedForm | undefined {
  const [form, setForm] = useState(() => loaded);
  useEffect(() => {
    if (!wanted || form !== undefined) return;
    let left = false;
    void import("./generated-form.js").then(({ GeneratedForm }) => {
      loaded = GeneratedForm;
      if (!left) setForm(() => GeneratedForm);
    });
    return () => {
      left = true;
    };
  }, [wanted, form]);
  return form;
}
