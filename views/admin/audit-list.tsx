// Entries of the audit log: a sentence each, with what was stored inside; a run of one act by one actor is one row that opens.
import { absoluteTime, relativeTime } from "../ui/format.ts"
import { Time, When } from "../ui/index.ts"
import { Fact } from "./fact.tsx"

/** Words, and names among them, which are shown as names. */
export type Said = readonly (string | { name: string; href?: string | undefined })[]

export interface AuditEntryRow {
  id: number
  atMs: number
  /** `user.suspended`. */
  action: string
  /** "Grace suspended Ada." */
  words: Said
  /** `admin:usr_…` as it stands in the log. */
  actorId: string
  onBehalfOf: string | null
  subjectId: string
  subjectHref?: string | undefined
  reason: string
  requestId: string
  changes: readonly { name: string; before: string | null; after: string | null }[]
}

export interface AuditGroup {
  /** Of a run the newest. */
  entries: readonly AuditEntryRow[]
  run?:
    | {
        words: Said
        count: number
        /** Its entries one by one. */
        href: string
        /** Of the oldest. */
        fromMs: number
      }
    | undefined
}

export function AuditList({ groups, now }: { groups: readonly AuditGroup[]; now: number }): JSX.Element {
  return (
    <ol class="postings plain audit">
      {groups.map((group) =>
        group.run ? (
          <Run group={group} run={group.run} now={now} />
        ) : (
          <li id={`audit-${group.entries[0]!.id}`}>
            <details>
              <summary>
                <Sentence words={group.entries[0]!.words} />
                <When ms={group.entries[0]!.atMs} now={now} />
              </summary>
              <AuditFacts entry={group.entries[0]!} />
            </details>
          </li>
        ),
      )}
    </ol>
  )
}

interface RunProps {
  group: AuditGroup
  run: NonNullable<AuditGroup["run"]>
  now: number
}

function Run({ group: { entries }, run, now }: RunProps): JSX.Element {
  const newest = entries[0]!
  const rest = run.count - entries.length
  return (
    <li id={`audit-${newest.id}`}>
      <details>
        <summary>
          <Sentence words={run.words} />
          <time
            datetime={new Date(newest.atMs).toISOString()}
            title={`${absoluteTime(run.fromMs)} to ${absoluteTime(newest.atMs)}`}
            safe
          >
            {relativeTime(newest.atMs, now)}
          </time>
        </summary>
        <div class="posting">
          <ul class="plain audit-run">
            {entries.map((entry) => (
              <li>
                <Sentence words={entry.words} />
                <When ms={entry.atMs} now={now} />
              </li>
            ))}
          </ul>
          <p>
            <a href={run.href}>
              {rest > 0 ? `These and ${rest} more, one by one` : "One by one, with what was stored"}
            </a>
          </p>
        </div>
      </details>
    </li>
  )
}

/** Names stand out and cannot change the direction of what is around them. */
export function Sentence({ words }: { words: Said }): JSX.Element {
  return (
    <span class="audit-words">
      {words.map((word) =>
        typeof word === "string" ? (
          <span safe>{word}</span>
        ) : (
          <bdi class="strong" safe>
            {word.name}
          </bdi>
        ),
      )}
    </span>
  )
}

function AuditFacts({ entry }: { entry: AuditEntryRow }): JSX.Element {
  return (
    <div class="posting">
      <dl class="facts wide">
        <Fact label="When" value={<Time ms={entry.atMs} />} />
        <Fact label="Act" value={<code safe>{entry.action}</code>} />
        <Fact label="Who" text={entry.actorId} code />
        {entry.onBehalfOf ? <Fact label="On behalf of" text={entry.onBehalfOf} code /> : null}
        <Fact label="About" text={entry.subjectId} code href={entry.subjectHref} />
        <Fact label="Reason" text={entry.reason} />
        <Fact label="Request" text={entry.requestId} code />
      </dl>
      {entry.changes.length === 0 ? null : (
        <div class="table-wrap" {...{ tabindex: "0", role: "region", "aria-label": `Changes of entry ${entry.id}` }}>
          <table class="changes">
            <caption class="sr">Before and after</caption>
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              {entry.changes.map((change) => (
                <tr>
                  <th scope="row">
                    <code safe>{change.name}</code>
                  </th>
                  <td data-label="Before">
                    <Value text={change.before} />
                  </td>
                  <td data-label="After">
                    <Value text={change.after} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}

const Value = ({ text }: { text: string | null }): JSX.Element =>
  text === null ? <span class="quiet">none</span> : <code safe>{text}</code>
