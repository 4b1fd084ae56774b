// The line of truth on the admin's overview: what is well and what is not, what to do about it, and what is still to be done at first.
import { Button, Icon, type IconName, Progress } from "../ui/index.ts"

export interface Check {
  /** "Service", "Upstreams", "Books", "Jobs", "Mail". */
  label: string
  state: "ok" | "warn" | "bad"
  /** In a few words: "verified 3 min ago". */
  text: string
  href?: string | undefined
  /** What to do about it, one sentence. */
  remedy?: string | undefined
}

/** A step between an empty house and its first paid call. */
export interface FirstStep {
  label: string
  isDone: boolean
  remedy: string
  way?: { href: string; label: string } | undefined
}

const STATE: Record<Check["state"], { icon: IconName; word: string }> = {
  ok: { icon: "check", word: "well" },
  warn: { icon: "alert", word: "needs a look" },
  bad: { icon: "cross", word: "failing" },
}
const WORDS = { ok: "All is well", warn: "Something needs a look", bad: "Something is failing" } as const

export function Truth({ checks }: { checks: readonly Check[] }): JSX.Element {
  const has = (state: Check["state"]): boolean => checks.some((check) => check.state === state)
  const worst = has("bad") ? "bad" : has("warn") ? "warn" : "ok"
  return (
    <section class={`truth ${worst}`} aria-labelledby="truth-title">
      <h2 id="truth-title">
        <Icon name={STATE[worst].icon} />
        <span>{WORDS[worst]}</span>
      </h2>
      <ul class="plain">
        {checks.map((check) => (
          <li class={check.state}>
            <Icon name={STATE[check.state].icon} />
            <span>
              <span class="sr" safe>{`${STATE[check.state].word}: `}</span>
              {check.href ? (
                <a href={check.href} safe>
                  {check.label}
                </a>
              ) : (
                <span class="strong" safe>
                  {check.label}
                </span>
              )}
              <span class="quiet" safe>
                {check.text}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <Remedies checks={checks} />
    </section>
  )
}

/** Under the line, so that the line stays one. */
function Remedies({ checks }: { checks: readonly Check[] }): JSX.Element {
  const ill = checks.filter((check) => check.state !== "ok" && check.remedy)
  return (
    <>
      {ill.map((check) => (
        <p class="quiet" safe>{`${check.label}: ${check.remedy}`}</p>
      ))}
    </>
  )
}

/** What stands between an empty house and its first paid call; nothing once all is done. The first open step has its button. */
export function FirstSteps({ firstSteps }: { firstSteps: readonly FirstStep[] }): JSX.Element {
  const done = firstSteps.filter((step) => step.isDone).length
  if (done === firstSteps.length) return ""
  const next = firstSteps.find((step) => !step.isDone && step.way)
  return (
    <section class="first-steps" aria-labelledby="first-steps-title">
      <h2 id="first-steps-title">First steps</h2>
      <Progress
        id="first-steps-done"
        label="Done"
        value={done}
        max={firstSteps.length}
        text={`${done} of ${firstSteps.length}`}
      />
      <ol class="plain">
        {firstSteps.map((step) => (
          <li class={step.isDone ? "ok" : undefined}>
            <Icon name={step.isDone ? "check" : "todo"} />
            <div>
              <span class="sr">{step.isDone ? "done: " : "to do: "}</span>
              <span class="strong" safe>
                {step.label}
              </span>
              {step.isDone ? null : (
                <p class="quiet" safe>
                  {step.remedy}
                </p>
              )}
            </div>
            {step.isDone || !step.way ? null : <Button kind={step === next ? "primary" : "plain"} {...step.way} />}
          </li>
        ))}
      </ol>
    </section>
  )
}
