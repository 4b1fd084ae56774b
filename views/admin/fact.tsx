// A labelled fact of a description list.
interface FactProps {
  label: string
  text: string
  code?: boolean
  href?: string | undefined
}

export function Fact({ label, text, code, href }: FactProps): JSX.Element {
  return (
    <div>
      <dt safe>{label}</dt>
      <dd>
        {href ? (
          <a href={href} safe>
            {text}
          </a>
        ) : code ? (
          <code safe>{text}</code>
        ) : (
          <bdi safe>{text}</bdi>
        )}
      </dd>
    </div>
  )
}
