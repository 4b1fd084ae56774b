// What things cost side by side: cards to choose from, and the table that compares them point by point.
import type { Children } from "@kitajs/html"
import { Badge } from "./feedback.tsx"
import { Icon } from "./icon.tsx"

export interface PriceCardProps {
  name: string
  /** "$9", "Free"; exact figures are the caller's. */
  price: string
  /** "a month, plus tax". */
  per?: string | undefined
  /** Who it is for, in one sentence. */
  text?: string | undefined
  points: readonly string[]
  /** The one button. */
  action?: JSX.Element | undefined
  /** A word on top: "Your plan", "Most chosen". */
  mark?: string | undefined
  /** Of the heading; default 3. */
  level?: 2 | 3 | 4 | undefined
}

export function PriceCard({ action, ...props }: PriceCardProps): JSX.Element {
  return (
    <article class={props.mark ? "price-card marked" : "price-card"}>
      <tag of={`h${props.level ?? 3}`}>
        <bdi safe>{props.name}</bdi>
        {props.mark ? <Badge tone="accent" text={props.mark} /> : null}
      </tag>
      <p class="price">
        <span class="num" safe>
          {props.price}
        </span>
        {props.per ? <span class="quiet" safe>{` ${props.per}`}</span> : null}
      </p>
      {props.text ? (
        <p class="quiet" safe>
          {props.text}
        </p>
      ) : null}
      <ul class="plain">
        {props.points.map((point) => (
          <li>
            <Icon name="check" />
            <span safe>{point}</span>
          </li>
        ))}
      </ul>
      {action === undefined ? null : <div class="actions">{action}</div>}
    </article>
  )
}

/** Cards of one height, side by side where there is room; `isShort`: on a phone a row each, the price beside its button. */
export const PriceCards = ({ children, isShort = false }: { children: Children; isShort?: boolean }): JSX.Element => (
  <div class={isShort ? "price-cards short" : "price-cards"}>{children}</div>
)

export interface CompareProps {
  caption: string
  /** The columns: at most five. */
  plans: readonly { name: string; price: string; mark?: string | undefined }[]
  groups: readonly {
    title: string
    /** One value a plan: in words, or whether it is included. */
    rows: readonly { label: string; values: readonly (string | boolean)[] }[]
  }[]
}

/** The head stays in sight; on phones a point's values stand below its name. */
export function Compare({ caption, plans, groups }: CompareProps): JSX.Element {
  return (
    <table class="compare">
      <caption class="sr" safe>
        {caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="sr">What is included</span>
          </th>
          {plans.map((plan) => (
            <th scope="col">
              <bdi safe>{plan.name}</bdi>
              <span class="quiet num" safe>
                {plan.price}
              </span>
              {plan.mark ? <Badge tone="accent" text={plan.mark} /> : null}
            </th>
          ))}
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody>
          <tr class="group">
            <th scope="rowgroup" colspan={plans.length + 1} safe>
              {group.title}
            </th>
          </tr>
          {group.rows.map((row) => (
            <tr>
              <th scope="row" safe>
                {row.label}
              </th>
              {row.values.map((value) => (
                <td>
                  <Value value={value} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  )
}

function Value({ value }: { value: string | boolean }): JSX.Element {
  if (typeof value === "string")
    return (
      <span class="num" safe>
        {value}
      </span>
    )
  return value ? (
    <span class="yes">
      <Icon name="check" /> Yes
    </span>
  ) : (
    <span class="quiet">No</span>
  )
}
