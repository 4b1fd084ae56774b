// Caption and head of a chart that is a table: for readers, since what is drawn needs neither.

export function HiddenHead({ title, labels }: { title: string; labels: readonly string[] }): JSX.Element {
  return (
    <>
      <caption class="sr" safe>
        {title}
      </caption>
      <thead class="sr">
        <tr>
          {labels.map((label) => (
            <th scope="col" safe>
              {label}
            </th>
          ))}
        </tr>
      </thead>
    </>
  )
}
