package pagerdutytest

import "encoding/json"

// page renders the part of a list that was asked for.
func (r *request) page(key string, list *rows) ([]byte, *apiError) {
	limit, offset, err := r.paging(maximumLimit, defaultLimit)
	if err != nil {
		return nil, err
	}
	total := "null"
	if r.q.Get("total") == "true" {
		total = itoa(list.n)
	}
	return r.render(key, list, limit, offset, `,"total":`+total), nil
}

// render writes one page; more is exact.
func (r *request) render(key string, list *rows, limit, offset int, rest string) []byte {
	b := make([]byte, 0, 128<<10)
	b = append(b, `{"`+key+`":[`...)
	end := min(offset+limit, list.n)
	for i := offset; i < end; i++ {
		if i > offset {
			b = append(b, ',')
		}
		if r.h.hostile {
			b = append(b, r.object(key, list.at(i))...)
		} else {
			b = appendAny(b, list.at(i))
		}
	}
	more := "false"
	if end < list.n || r.h.hostile && hostileMore(key, offset, list.n) {
		more = "true"
	}
	return append(b, `],"limit":`+itoa(limit)+`,"offset":`+itoa(offset)+`,"more":`+more+rest+`}`...)
}

// object renders one object, made odd where the handler is hostile.
func (r *request) object(key string, x any) json.RawMessage {
	raw := mustJSON(x)
	if r.h.hostile {
		return hostileRecord(key, raw)
	}
	return raw
}

// one renders a single object under its key.
func (r *request) one(key string, x any) ([]byte, *apiError) {
	return []byte(`{"` + key + `":` + string(r.object(plural(key), x)) + `}`), nil
}
