import FormCore from "@rjsf/core";
import type { RJSFSchema } from "@rjsf/utils";
import { type ReactNode, type Ref, useImperativeHandle, useMemo, useRef } from "react";
import { acceptingValidator } from "./accepting-validator.js";
import { templates, uiSchemaFor } from "./form-theme.js";

export interface GeneratedFormProps {
  readonly ref: Ref<HTMLFormElement>;
  readonly idPrefix: string;
  readonly schema: unknown;
  readonly sample: unknown;
  readonly payload: unknown;
  readonly onChange: (payload: unknown) => void;
  readonly onSubmit: () => void;
}

/** A form for any JSON Schema. */
export function GeneratedForm(props: GeneratedFormProps): ReactNode {
  const { ref, idPrefix, schema, sample, payload, onChange, onSubmit } = props;
  const uiSchema = useMemo(() => uiSchemaFor(schema, sample), [schema, sample]);
  const form = useRef<FormCore<unknown>>(null);
  useImperativeHandle<HTMLFormElement | null, HTMLFormElement | null>(ref, () => form.current?.formElement.current);
  return (
    <FormCore
      ref={form}
      tagName="form"
      schema={schema as RJSFSchema}
      uiSchema={uiSchema}
      formData={payload}
      validator={acceptingValidator}
      templates={templates}
      noValidate
      showErrorList={false}
      idPrefix={idPrefix}
      onChange={({ formData }) => onChange(formData)}
      onSubmit={onSubmit}
    />
  );
}
