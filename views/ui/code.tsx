// Things to copy: ids, secrets shown once, code blocks. Copy buttons appear only where scripts run.
import { assetUrl } from "../layout/assets.ts"
import { Button } from "./button.tsx"
import { highlight, type Language } from "./content/highlight.ts"
import { Icon } from "./icon.tsx"

/** A button that copies the text of the element `target`; style sheets hide it where no scripts run. */
export function Copy({ target, label = "Copy" }: { target: string; label?: string }): JSX.Element {
  return (
    <button class="button plain small copy" type="button" data-copy={target}>
      <Icon name="copy" />
      <span aria-live="polite" safe>
        {label}
      </span>
    </button>
  )
}

/** One line of monospace text with a copy button. `id` is unique on the page. */
export function CopyLine({ id, text }: { id: string; text: string }): JSX.Element {
  return (
    <span class="copy-line">
      <code id={id} safe>
        {text}
      </code>
      <Copy target={id} />
    </span>
  )
}

export interface SecretProps {
  id: string
  title: string
  secret: string
  /** Where "I have saved it" leads: the same page without the secret. */
  doneHref: string
  /** Who may know it; by default what is true of a client secret. */
  note?: string | undefined
}

/** A secret in the only answer that ever shows it. */
export function Secret(props: SecretProps): JSX.Element {
  return (
    <section class="secret" aria-labelledby={`${props.id}-title`}>
      <h2 id={`${props.id}-title`} safe>
        {props.title}
      </h2>
      <p safe>
        {props.note ?? "This is the only time it is shown. Keep it where your server can read it and nobody else can."}
      </p>
      <CopyLine id={props.id} text={props.secret} />
      <Button href={props.doneHref} label="I have saved it" />
    </section>
  )
}

/** Code with its colours, escaped by the highlighter. */
function Coloured({
  id,
  code,
  language = "text",
}: {
  id: string
  code: string
  language?: Language | undefined
}): JSX.Element {
  const safeCode = highlight(code, language)
  return <code id={id}>{safeCode}</code>
}

export interface CodeBlockProps {
  /** Unique on the page. */
  id: string
  title: string
  code: string
  /** Default: no colours. */
  language?: Language | undefined
}

/** A code block with a caption and a copy button. */
export function CodeBlock({ id, title, code, language }: CodeBlockProps): JSX.Element {
  return (
    <figure class="code">
      <figcaption>
        <span safe>{title}</span>
        <Copy target={id} />
      </figcaption>
      <pre {...{ tabindex: "0" }}>
        <Coloured id={id} code={code} language={language} />
      </pre>
    </figure>
  )
}

export interface CodeTabsProps {
  id: string
  title: string
  /** At most six; the first is open. */
  tabs: readonly { label: string; code: string; language?: Language | undefined }[]
}

/** The same in several languages: radio buttons that look like tabs, so arrows move between them and no script is needed. */
export function CodeTabs({ id, title, tabs }: CodeTabsProps): JSX.Element {
  return (
    <fieldset class="code code-tabs" data-module={assetUrl("js/tabs.js")}>
      <legend class="sr" safe>
        {title}
      </legend>
      {tabs.map((tab, index) => (
        <>
          <label>
            <input class="sr" type="radio" name={`${id}-language`} value={String(index)} checked={index === 0} />
            <span safe>{tab.label}</span>
          </label>
          <div class="panel">
            <pre {...{ tabindex: "0", role: "region", "aria-label": `${title}, ${tab.label}` }}>
              <Coloured id={`${id}-${index}`} code={tab.code} language={tab.language} />
            </pre>
            <Copy target={`${id}-${index}`} />
          </div>
        </>
      ))}
    </fieldset>
  )
}
