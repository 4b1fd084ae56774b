// A labelled fact of a description list.
import { Id } from "../ui/index.ts"

interface FactProps {
  label: string
  text?: string
  /** An id: shortened, with a button that copies it. */
  code?: boolean
  href?: string | undefined
  /** In place of a text. */
  value?: JSX.Element
}

export function Fact(props: FactProps): JSX.Element {
  return (
    <div>
      <dt safe>{props.label}</dt>
      <dd>
        <FactValue {...props} />
      </dd>
    </div>
  )
}

function FactValue({ text = "", code, href, value }: FactProps): JSX.Element {
  if (value !== undefined) return value
  if (code && text !== "") return <Id text={text} href={href} />
  if (!href) return <bdi safe>{text}</bdi>
  return (
    <a href={href} safe>
      {text}
    </a>
  )
}
