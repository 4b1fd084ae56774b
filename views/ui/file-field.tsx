// A file to send, as the browser picks it. Pictures have `Upload`.
import { describedBy, FieldError, Help } from "./described.tsx"

export interface FileFieldProps {
  name: string
  label: string
  /** Default: the name. */
  id?: string | undefined
  help?: string | undefined
  error?: string | undefined
  optional?: boolean | undefined
  accept?: string | undefined
}

export function FileField({ name, label, help, error, optional, accept, ...rest }: FileFieldProps): JSX.Element {
  const id = rest.id ?? name
  return (
    <div class={error ? "field invalid" : "field"}>
      <label for={id}>
        <span safe>{label}</span>
        {optional ? <span class="optional"> (optional)</span> : null}
      </label>
      <Help id={id} text={help} />
      <FieldError id={id} text={error} />
      <input
        id={id}
        type="file"
        name={name}
        accept={accept}
        aria-invalid={error ? "true" : undefined}
        aria-describedby={describedBy(id, { help, error })}
      />
    </div>
  )
}
