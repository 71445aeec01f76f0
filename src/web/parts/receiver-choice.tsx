/** Who is told: everybody, unless some are unticked. */
export const ReceiverChoice = ({ names }: { readonly names: readonly string[] }) =>
  names.length === 0 ? (
    <p class="soft small">
      No receiver is configured: its alerts show here, and nobody is sent any. Add one under receivers in
      plimsoll.yaml.
    </p>
  ) : (
    <fieldset>
      <legend class="small soft">Who is told when a loan of it comes near its line</legend>
      {names.map((name) => (
        <label key={name}>
          <input type="checkbox" name="receiver" value={name} defaultChecked />
          {name}
        </label>
      ))}
    </fieldset>
  )
