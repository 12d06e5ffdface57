const colors = [
  { color: '', name: 'None' },
  { color: '#c2573f', name: 'Brick' },
  { color: '#c9852c', name: 'Honey' },
  { color: '#7d8f3a', name: 'Olive' },
  { color: '#2f8f76', name: 'Pine' },
  { color: '#3d84b8', name: 'Lake' },
  { color: '#6b6fc4', name: 'Iris' },
  { color: '#a8609a', name: 'Heather' },
  { color: '#8a7560', name: 'Bark' },
] as const;

/** A palette of colours, plus the current one if it was set by another client. */
export function ColorField({ saved }: { saved: string | null }) {
  const isOurs = colors.some(({ color }) => color === (saved ?? ''));
  const all = isOurs || saved === null ? colors : [...colors, { color: saved, name: 'Current' }];
  return (
    <fieldset className="field">
      <legend className="field-label">Colour</legend>
      <div className="swatches">
        {all.map(({ color, name }) => (
          <label key={color} title={name}>
            <input type="radio" name="color" value={color} defaultChecked={color === (saved ?? '')} aria-label={name} />
            <span className="swatch" style={color ? { backgroundColor: color } : undefined} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
