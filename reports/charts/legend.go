package charts

// key is one entry of a legend: a small drawing and what it means.
type key struct {
	Class, Inner string // classes of the drawing; Inner is drawn over it where it is not empty
	D, Fill      string
	X, Y, TextX  string
	Text         string
	draw         func(p *path, x, y float64)
}

// legend lays entries out in rows from y on, and returns them with the height they take.
func legend(y float64, keys ...key) ([]key, float64) {
	x, rows := 0.0, 1
	for i := range keys {
		k := &keys[i]
		room := 20 + textWidth(k.Text) + 10
		if x > 0 && x+room > chartWidth+8 {
			x, rows = 0, rows+1
		}
		middle := y + float64(rows)*textHeight - 4
		var p path
		k.draw(&p, x, middle-4)
		k.D, k.TextX, k.Y = p.String(), num(x+20), num(middle)
		x += room
	}
	return keys, float64(rows) * textHeight
}

func boxKey(class, fill, meaning string) key {
	return key{Class: class, Fill: fill, Text: meaning, draw: func(p *path, x, y float64) { p.rect(x+1, y-5, 14, 9) }}
}

func lineKey(class, meaning string) key {
	return key{Class: class, Text: meaning, draw: func(p *path, x, y float64) { p.add("M", x, y); p.add("h", 16) }}
}

func stemKey(class, meaning string) key {
	return key{Class: class, Text: meaning, draw: func(p *path, x, y float64) { p.add("M", x+8, y-6); p.add("v", 11) }}
}

func textKey(meaning string) key {
	return key{Text: meaning, draw: func(*path, float64, float64) {}}
}

func dotKey(class, inner, meaning string) key {
	return key{Class: class, Inner: inner, Text: meaning, draw: func(p *path, x, y float64) { p.dot(x+8, y) }}
}
