// Words of one's own, as chips: addresses, labels. Enter or a comma adds, pasting adds many, Backspace takes the last away. Without
// scripts a text area with one a line, which is also what is sent.
import { describedBy } from "../described.tsx"
import { Head, type Named } from "../field.tsx"
import { Chips } from "./chips.tsx"

export interface TagFieldProps extends Named {
  tags: readonly string[]
  /** What a tag must look like, as a JavaScript regular expression with the `u` flag; the server has the last word. */
  pattern?: string | undefined
  /** Said of what does not: "use https://". It follows the tag and a colon. */
  wrong?: string | undefined
  /** A comma may be part of a tag, as in addresses: then only Enter, space and new lines add. */
  withCommas?: boolean | undefined
  placeholder?: string | undefined
  required?: boolean | undefined
  mono?: boolean | undefined
  disabled?: boolean | undefined
  rows?: number | undefined
}

export function TagField(props: TagFieldProps): JSX.Element {
  const { name, tags } = props
  const id = props.id ?? name
  const described = describedBy(id, props)
  const invalid = props.error ? "true" : undefined
  return (
    <div
      class={props.error ? "field invalid" : "field"}
      x-data="tags"
      data-pattern={props.pattern}
      data-wrong={props.wrong ?? "this cannot be used"}
      data-separators={props.withCommas ? "\\s+" : "[,\\n]+"}
    >
      <Head {...props} />
      <div class="nojs">
        <textarea
          id={id}
          name={name}
          class={props.mono ? "mono" : undefined}
          rows={String(props.rows ?? 3)}
          required={props.required}
          disabled={props.disabled}
          spellcheck="false"
          aria-invalid={invalid}
          aria-describedby={described}
          x-ref="native"
          safe
        >
          {tags.join("\n")}
        </textarea>
      </div>
      <TagBox {...props} id={id} described={described ? `${described} ${id}-wrong` : `${id}-wrong`} />
      <p class="error" id={`${id}-wrong`} role="alert" hidden x-bind:hidden="!wrong" x-text="wrong"></p>
      <p class="sr" role="status" x-text="news"></p>
    </div>
  )
}

function TagBox({ id, tags, described, ...props }: TagFieldProps & { id: string; described: string }): JSX.Element {
  return (
    <div class="combo js">
      <div class={props.mono ? "combo-box mono" : "combo-box"}>
        <Chips
          label={`Added: ${props.label}`}
          items={tags.map((tag) => ({ value: tag, label: tag }))}
          disabled={props.disabled}
        />
        <input
          id={`${id}-input`}
          type="text"
          aria-label={props.label}
          aria-invalid={props.error ? "true" : undefined}
          x-bind:aria-invalid={`wrong ? 'true' : ${props.error ? "'true'" : "null"}`}
          aria-describedby={described}
          placeholder={props.placeholder}
          disabled={props.disabled}
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          x-ref="input"
          x-on:input="typed"
          x-on:paste="pasted"
          x-on:keydown="key"
          x-on:blur="leave"
        />
      </div>
    </div>
  )
}
