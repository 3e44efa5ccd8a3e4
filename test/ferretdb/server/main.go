// The server of the MongoDB protocol that the specs talk to: FerretDB 1.x on SQLite, with one thing added.
//
// FerretDB carries out an update as a read, a change and a write, and does not notice another update in between. A
// document of MongoDB changes atomically, and the read model relies on that. So the clients connect to a front that lets
// one writing command at a time through to FerretDB, which listens on a Unix socket beside its data.
package main

import (
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"

	"github.com/FerretDB/FerretDB/ferretdb"
)

const (
	maxMessage = 48 << 20
	opMsg      = 2013
	headerSize = 16
	// Header, flags, kind of the first section, length of its document, type of the document's first field.
	commandAt = headerSize + 4 + 1 + 4 + 1
)

var (
	writing   sync.Mutex
	isWriting = map[string]bool{"insert": true, "update": true, "delete": true, "findAndModify": true}
)

func main() {
	version := flag.Bool("version", false, "print what this was built from, and end")
	data := flag.String("data", "", "folder for the data")
	host := flag.String("host", "127.0.0.1", "address to listen on")
	port := flag.Int("port", 0, "port to listen on; 0 takes a free one")
	flag.Parse()
	if *version {
		fmt.Println(stamp)
		return
	}
	if err := serve(*data, *host, *port); err != nil {
		log.Fatal(err)
	}
}

func serve(data, host string, port int) error {
	socket := filepath.Join(data, "ferretdb.sock")
	// A killed server leaves its socket behind.
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	server, err := ferretdb.New(&ferretdb.Config{
		Listener: ferretdb.ListenerConfig{Unix: socket},
		Handler:  "sqlite",
		// Killing the process loses nothing without fsync; only a crash of the machine would.
		SQLiteURL: "file:" + data + "/?_pragma=synchronous(off)",
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		return err
	}
	front, err := net.Listen("tcp", fmt.Sprintf("%s:%d", host, port))
	if err != nil {
		return err
	}
	go accept(front, socket)
	// The first line tells the port.
	fmt.Println(front.Addr().(*net.TCPAddr).Port)
	return server.Run(untilOrphaned())
}

// The one who started this holds the other end of standard input, and takes it along when it dies.
func untilOrphaned() context.Context {
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		defer stop()
		_, _ = io.Copy(io.Discard, os.Stdin)
	}()
	return ctx
}

func accept(front net.Listener, socket string) {
	for {
		client, err := front.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go relay(client, socket)
	}
}

// Requests and replies of one client in turn, until one side hangs up.
func relay(client net.Conn, socket string) {
	defer client.Close()
	server, err := net.Dial("unix", socket)
	if err != nil {
		return
	}
	defer server.Close()
	for {
		request, err := message(client)
		if err != nil {
			return
		}
		reply, err := exchange(server, request)
		if err != nil {
			return
		}
		if _, err = client.Write(reply); err != nil {
			return
		}
	}
}

func exchange(server net.Conn, request []byte) ([]byte, error) {
	if isWriting[command(request)] {
		writing.Lock()
		defer writing.Unlock()
	}
	if _, err := server.Write(request); err != nil {
		return nil, err
	}
	return message(server)
}

func message(from io.Reader) ([]byte, error) {
	size := make([]byte, 4)
	if _, err := io.ReadFull(from, size); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint32(size)
	if length < headerSize || length > maxMessage {
		return nil, fmt.Errorf("message of %d bytes", length)
	}
	bytes := make([]byte, length)
	copy(bytes, size)
	_, err := io.ReadFull(from, bytes[4:])
	return bytes, err
}

// The first field of a command's document is its name.
func command(message []byte) string {
	if binary.LittleEndian.Uint32(message[12:]) != opMsg {
		return ""
	}
	for end := commandAt; end < len(message); end++ {
		if message[end] == 0 {
			return string(message[commandAt:end])
		}
	}
	return ""
}

// What the installer compares: FerretDB's version and the digest of this file.
var stamp = "unknown"
