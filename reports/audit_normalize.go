package reports

// Normalize replaces nil slices by empty ones and puts every time into UTC.
func (a *Audit) Normalize() {
	a.Period = a.Period.utc()
	a.Data.normalize()
	a.Rotations = nonNil(a.Rotations)
	a.Suppressed = nonNil(a.Suppressed)
	for i := range a.Rotations {
		card := &a.Rotations[i]
		card.Blocks = nonNil(card.Blocks)
		for j := range card.Blocks {
			b := &card.Blocks[j]
			b.Numbers = nonNil(b.Numbers)
			for k := range b.Weeks {
				w := &b.Weeks[k]
				w.Start, w.End = w.Start.UTC(), w.End.UTC()
			}
		}
	}
}

// block is a block of a scorecard by its id; nil where it has none.
func (c *Scorecard) block(id string) *Block {
	for i := range c.Blocks {
		if c.Blocks[i].ID == id {
			return &c.Blocks[i]
		}
	}
	return nil
}
