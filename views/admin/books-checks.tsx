// What a proof of the books looked at: each promise in plain words, the broken ones first.
import { count } from "../ui/format.ts"
import { Icon } from "../ui/index.ts"

export interface BooksCheck {
  name: string
  promise: string
  checked: number
  violations: number
  examples: readonly string[]
}

export function Checks({ checks }: { checks: readonly BooksCheck[] }): JSX.Element {
  const failed = checks.filter((check) => check.violations > 0)
  return (
    <details class="checks change" open={failed.length > 0}>
      <summary>Everything that was checked</summary>
      <ul class="plain">
        {[...failed, ...checks.filter((check) => check.violations === 0)].map((check) => (
          <li class={check.violations > 0 ? "bad" : "ok"}>
            <Icon name={check.violations > 0 ? "cross" : "check"} />
            <div>
              <p>
                <span class="sr">{check.violations > 0 ? "Broken: " : "Kept: "}</span>
                <span safe>{sentence(check.promise)}</span>
              </p>
              <p class="quiet num" safe>
                {checkedText(check)}
              </p>
              {check.examples.length === 0 ? null : (
                <p>
                  <code safe>{check.examples.join(", ")}</code>
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </details>
  )
}

const sentence = (words: string): string =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}.`.replaceAll("<=", "≤").replaceAll("'", "’").replaceAll("`", "")

const checkedText = ({ name, checked, violations }: BooksCheck): string =>
  violations > 0 ? `${name}: ${count(violations)} wrong of ${count(checked)}` : `${name}: ${count(checked)} looked at`
