// What Go's transparency logs make of the same leaves: vectors for libs/transparency, as JSON on standard output. With `check`
// it reads what libs/transparency made on standard input, and verifies it; with `cosigned`, what a witness cosigned.
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log"
	"os"
	"strings"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	origin  = "vote.example/urna/1/1"
	witness = "witness.example/w1"
)

type proof struct {
	Index  int64       `json:"index"`
	Hashes []tlog.Hash `json:"hashes"`
}

type tile struct {
	Path   string `json:"path"`
	Sha256 string `json:"sha256"`
}

type tree struct {
	Size        int64     `json:"size"`
	Root        tlog.Hash `json:"root"`
	Inclusion   []proof   `json:"inclusion"`
	Consistency []proof   `json:"consistency"`
	Tiles       []tile    `json:"tiles"`
}

type path struct {
	Level int    `json:"level"`
	Index int64  `json:"index"`
	Width int    `json:"width"`
	Path  string `json:"path"`
}

type notes struct {
	Origin     string `json:"origin"`
	LogSeed    string `json:"logSeed"`
	LogKey     string `json:"logKey"`
	Witness    string `json:"witness"`
	WitSeed    string `json:"witnessSeed"`
	WitnessKey string `json:"witnessKey"`
	Text       string `json:"text"`
	Signed     string `json:"signed"`
	Cosigned   string `json:"cosigned"`
}

type vectors struct {
	Trees []tree `json:"trees"`
	Paths []path `json:"paths"`
	Notes notes  `json:"notes"`
}

// What libs/transparency hands over to be checked.
type handed struct {
	Size        int64             `json:"size"`
	Checkpoint  string            `json:"checkpoint"`
	LogKey      string            `json:"logKey"`
	Tiles       map[string][]byte `json:"tiles"`
	Inclusion   []proof           `json:"inclusion"`
	Consistency []proof           `json:"consistency"`
	OldRoots    []tlog.Hash       `json:"oldRoots"`
}

type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = h[x]
	}
	return out, nil
}

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

func leaf(i int64) []byte { return []byte(fmt.Sprintf("leaf %d", i)) }

// The 32 bytes that an Ed25519 key of the tests grows from.
func seed(name string) []byte {
	sum := sha256.Sum256([]byte(name))
	return sum[:]
}

// Those that are checked in a tree: all of a small one, a few at the seams of a large one.
func samples(size int64) []int64 {
	if size <= 40 {
		all := []int64{}
		for i := int64(0); i < size; i++ {
			all = append(all, i)
		}
		return all
	}
	some := []int64{}
	for _, i := range []int64{0, 1, 127, 128, 255, 256, 257, size / 3, size / 2, size - 2, size - 1} {
		if i < size {
			some = append(some, i)
		}
	}
	return some
}

func treeOf(size int64, h hashes) tree {
	t := tree{Size: size, Root: must(tlog.TreeHash(size, h)), Inclusion: []proof{}, Consistency: []proof{}, Tiles: []tile{}}
	for _, i := range samples(size) {
		t.Inclusion = append(t.Inclusion, proof{i, must(tlog.ProveRecord(size, i, h))})
		t.Consistency = append(t.Consistency, proof{i + 1, must(tlog.ProveTree(size, i+1, h))})
	}
	for _, one := range tlog.NewTiles(torchwood.TileHeight, 0, size) {
		data := must(tlog.ReadTileData(one, h))
		sum := sha256.Sum256(data)
		t.Tiles = append(t.Tiles, tile{torchwood.TilePath(one), hex.EncodeToString(sum[:])})
	}
	return t
}

func makeVectors() vectors {
	var h hashes
	wanted := map[int64]bool{}
	for n := int64(0); n <= 300; n++ {
		wanted[n] = true
	}
	for _, n := range []int64{511, 512, 513, 1000, 65535, 65536, 65537, 65792, 70000} {
		wanted[n] = true
	}
	v := vectors{Paths: []path{}, Notes: makeNotes()}
	for n := int64(0); n <= 70000; n++ {
		if wanted[n] {
			v.Trees = append(v.Trees, treeOf(n, h))
		}
		h = append(h, must(tlog.StoredHashes(n, leaf(n), h))...)
	}
	for _, one := range []tlog.Tile{{H: 8, L: 0, N: 0, W: 256}, {H: 8, L: 0, N: 999, W: 1}, {H: 8, L: 1, N: 1000, W: 256},
		{H: 8, L: 2, N: 1234067, W: 255}, {H: 8, L: -1, N: 1234067, W: 256}, {H: 8, L: -1, N: 5, W: 17}} {
		v.Paths = append(v.Paths, path{one.L, one.N, one.W, torchwood.TilePath(one)})
	}
	return v
}

func makeNotes() notes {
	logKey := ed25519.NewKeyFromSeed(seed("log"))
	vkey := must(note.NewEd25519VerifierKey(origin, logKey.Public().(ed25519.PublicKey)))
	id := strings.Split(vkey, "+")[1]
	skey := "PRIVATE+KEY+" + origin + "+" + id + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, seed("log")...))
	signer := must(note.NewSigner(skey))
	text := torchwood.Checkpoint{Origin: origin, Tree: tlog.Tree{N: 3, Hash: tlog.RecordHash([]byte("x"))}}.String()
	cosigner := must(torchwood.NewCosignatureSigner(witness, ed25519.NewKeyFromSeed(seed("witness"))))
	return notes{
		Origin: origin, LogSeed: hex.EncodeToString(seed("log")), LogKey: vkey,
		Witness: witness, WitSeed: hex.EncodeToString(seed("witness")), WitnessKey: cosigner.Verifier().String(),
		Text:     text,
		Signed:   string(must(note.Sign(&note.Note{Text: text}, signer))),
		Cosigned: string(must(note.Sign(&note.Note{Text: text}, signer, cosigner))),
	}
}

type tiles map[string][]byte

func (t tiles) Height() int { return torchwood.TileHeight }
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(wanted))
	for i, one := range wanted {
		content, ok := t[torchwood.TilePath(one)]
		if !ok {
			return nil, fmt.Errorf("no tile %s", torchwood.TilePath(one))
		}
		data[i] = content
	}
	return data, nil
}
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func check(h handed) {
	cosigner := must(torchwood.NewCosignatureSigner(witness, ed25519.NewKeyFromSeed(seed("witness"))))
	verifiers := note.VerifierList(must(note.NewVerifier(h.LogKey)), cosigner.Verifier())
	opened := must(note.Open([]byte(h.Checkpoint), verifiers))
	if len(opened.Sigs) != 2 {
		log.Fatalf("%d signatures are known, not 2", len(opened.Sigs))
	}
	c := must(torchwood.ParseCheckpoint(opened.Text))
	if c.N != h.Size || c.Origin != origin {
		log.Fatal("another checkpoint")
	}
	reader := tlog.TileHashReader(c.Tree, tiles(h.Tiles))
	for i := int64(0); i < h.Size; i++ {
		read := must(reader.ReadHashes([]int64{tlog.StoredHashIndex(0, i)}))
		if read[0] != tlog.RecordHash(leaf(i)) {
			log.Fatalf("leaf %d is another one", i)
		}
	}
	for _, p := range h.Inclusion {
		if err := tlog.CheckRecord(p.Hashes, c.N, c.Hash, p.Index, tlog.RecordHash(leaf(p.Index))); err != nil {
			log.Fatal(err)
		}
	}
	for i, p := range h.Consistency {
		if err := tlog.CheckTree(p.Hashes, c.N, c.Hash, p.Index, h.OldRoots[i]); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println("verified")
}

// A checkpoint that our witness cosigned, and the key of that witness.
type cosigned struct {
	Name       string `json:"name"`
	PrivateKey string `json:"privateKey"`
	Vkey       string `json:"vkey"`
	LogKey     string `json:"logKey"`
	Checkpoint string `json:"checkpoint"`
}

func checkCosigned(c cosigned) {
	block, _ := pem.Decode([]byte(c.PrivateKey))
	key := must(x509.ParsePKCS8PrivateKey(block.Bytes)).(ed25519.PrivateKey)
	witness := must(torchwood.NewCosignatureSigner(c.Name, key)).Verifier()
	if witness.String() != c.Vkey {
		log.Fatal("another verifier key")
	}
	opened := must(note.Open([]byte(c.Checkpoint), note.VerifierList(must(note.NewVerifier(c.LogKey)), witness)))
	if len(opened.Sigs) != 2 || len(opened.UnverifiedSigs) != 0 {
		log.Fatalf("%d signatures are known, not 2", len(opened.Sigs))
	}
	must(torchwood.ParseCheckpoint(opened.Text))
	fmt.Println("verified")
}

func decode[T any]() T {
	var v T
	if err := json.NewDecoder(os.Stdin).Decode(&v); err != nil {
		log.Fatal(err)
	}
	return v
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "check" {
		check(decode[handed]())
		return
	}
	if len(os.Args) == 2 && os.Args[1] == "cosigned" {
		checkCosigned(decode[cosigned]())
		return
	}
	if err := json.NewEncoder(os.Stdout).Encode(makeVectors()); err != nil {
		log.Fatal(err)
	}
}
