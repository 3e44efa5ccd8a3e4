// Verifies the checkpoint and entries of an exported log, and checkpoints that you kept: go run . FOLDER VKEY [KEPT-CHECKPOINT]...
package main

import (
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func root(hashes []tlog.Hash) tlog.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	return tlog.NodeHash(hashes[0], root(hashes[1:]))
}

func main() {
	folder, key := os.Args[1], must(note.NewVerifier(os.Args[2]))
	signed := []tlog.Tree{}
	for _, path := range append([]string{filepath.Join(folder, "checkpoint")}, os.Args[3:]...) {
		opened := must(note.Open(must(os.ReadFile(path)), note.VerifierList(key)))
		text := strings.Replace(opened.Text, key.Name()+"\n", "go.sum database tree\n", 1)
		signed = append(signed, must(tlog.ParseTree([]byte(text))))
	}
	hashes, size, last, agree := []tlog.Hash{}, int64(0), signed[0].N, 0 // hashes: of complete subtrees, the largest first
	for index := int64(0); index*256 < last; index++ {
		tile := tlog.Tile{H: 8, L: -1, N: index, W: int(min(256, last-index*256))}
		path := filepath.Join(folder, strings.Replace(tile.Path(), "8/data", "entries", 1))
		for bundle := must(os.ReadFile(path)); len(bundle) > 0; size++ {
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			hashes = append(hashes, tlog.RecordHash(bundle[2:end]))
			bundle = bundle[end:]
			for bits, n := size, len(hashes)-2; bits&1 == 1; bits, n = bits>>1, n-1 {
				hashes = append(hashes[:n], tlog.NodeHash(hashes[n], hashes[n+1]))
			}
			for _, one := range signed {
				if one.N == size+1 && one.Hash == root(hashes) {
					agree++
				}
			}
		}
	}
	if size != last || agree != len(signed) {
		log.Fatalf("%s: %d of %d checkpoints agree with %d entries", key.Name(), agree, len(signed), size)
	}
	fmt.Printf("verified: %s, %d entries, %d checkpoints\n", key.Name(), size, agree)
}
