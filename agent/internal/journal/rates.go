package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/recovery"
)

// rate is how often a step helped, and when that was last added to. With one
// more in each of its counts it is a Beta distribution of its success.
type rate struct {
	recovery.Count
	at time.Time
}

// rateKey names a rate; an empty origin counts every site.
func rateKey(origin string, t recovery.Tried) string {
	return origin + "\x00" + string(t.Cause) + "\x00" + string(t.Action)
}

func (r rate) encode() []byte {
	b := binary.BigEndian.AppendUint32([]byte{1}, uint32(r.Helped))
	b = binary.BigEndian.AppendUint32(b, uint32(r.Failed))
	return binary.BigEndian.AppendUint64(b, uint64(r.at.Unix()))
}

// decodeRate reads what encode wrote; what cannot be read counts nothing.
func decodeRate(b []byte) rate {
	if len(b) != 17 || b[0] != 1 {
		return rate{}
	}
	return rate{
		Count: recovery.Count{Helped: int(binary.BigEndian.Uint32(b[1:])), Failed: int(binary.BigEndian.Uint32(b[5:]))},
		at:    time.Unix(int64(binary.BigEndian.Uint64(b[9:])), 0).UTC(),
	}
}

func (r rate) plus(o rate) rate {
	r.Helped += o.Helped
	r.Failed += o.Failed
	if o.at.After(r.at) {
		r.at = o.at
	}
	return r
}

// Learn counts, soon, whether a step helped: for its site and for all.
func (j *Journal) Learn(origin string, tried recovery.Tried, helped bool, at time.Time) {
	if origin == "" {
		return
	}
	one := rate{at: at, Count: recovery.Count{Failed: 1}}
	if helped {
		one.Count = recovery.Count{Helped: 1}
	}
	j.queue.putRate(j, rateKey(origin, tried), one)
	j.queue.putRate(j, rateKey("", tried), one)
}

// Experience returns what was learned for an origin and for all of them. As in
// History, what cannot be read is not known.
func (j *Journal) Experience(origin string) (recovery.Experience, error) {
	var x recovery.Experience
	waiting := j.queue.waitingRates()
	err := j.view(func(tx *bolt.Tx) error {
		x.Here = ratesOf(tx, origin, waiting)
		x.Everywhere = ratesOf(tx, "", waiting)
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return x, err
}

func ratesOf(tx *bolt.Tx, origin string, waiting map[string]rate) map[recovery.Tried]recovery.Count {
	counts := map[recovery.Tried]recovery.Count{}
	prefix := origin + "\x00"
	add := func(key string, r rate) {
		rest, ok := strings.CutPrefix(key, prefix)
		c, a, both := strings.Cut(rest, "\x00")
		if !ok || !both {
			return
		}
		t := recovery.Tried{Cause: cause.ID(c), Action: cause.Action(a)}
		counts[t] = recovery.Count{Helped: counts[t].Helped + r.Helped, Failed: counts[t].Failed + r.Failed}
	}
	if b := tx.Bucket(bucketRates); b != nil { // a journal of another version may have none
		c := b.Cursor()
		for k, v := c.Seek([]byte(prefix)); k != nil && bytes.HasPrefix(k, []byte(prefix)); k, v = c.Next() {
			add(string(k), decodeRate(v))
		}
	}
	for key, r := range waiting {
		add(key, r)
	}
	return counts
}

func addRate(tx *bolt.Tx, key string, r rate) error {
	b := tx.Bucket(bucketRates)
	return b.Put([]byte(key), decodeRate(b.Get([]byte(key))).plus(r).encode())
}
