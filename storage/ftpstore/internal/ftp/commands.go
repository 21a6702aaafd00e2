package ftp

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
)

// ErrNotFound is returned by Stat alone; other commands tell it by a 550, which means
// many things.
var ErrNotFound = errors.New("there is no such file")

// Stat describes what is at a path: by MLST (RFC 3659 section 7) or by SIZE and
// MDTM (sections 3 and 4), which know files alone. ErrNotFound, with the
// server's *Error, when it is not there as far as the server tells.
func (c *Conn) Stat(ctx context.Context, path string) (*Entry, error) {
	e := &Entry{Name: path, Type: File, Size: -1}
	if c.Has("MLST") {
		reply, err := c.exchange(ctx, "MLST", path)
		if err != nil {
			return nil, err
		}
		if reply.Code/100 != 2 {
			return nil, missing(reply.failure("MLST"))
		}
		if e, err = parseMLST(reply); err != nil {
			return nil, err
		}
	}
	if e.Type != File && e.Type != Link {
		return e, nil
	}
	if e.Type == Link || e.everyMode {
		e.Size, e.ModTime = -1, time.Time{} // ProFTPD tells those of the link and not of the file that is read
	}
	if e.Size < 0 {
		reply, err := c.exchange(ctx, "SIZE", path)
		if err != nil {
			return nil, err
		}
		if reply.Code/100 != 2 {
			return nil, missing(reply.failure("SIZE"))
		}
		e.Type, e.Size = File, parseSize(strings.TrimSpace(reply.last()))
	}
	if e.ModTime.IsZero() {
		reply, err := c.exchange(ctx, "MDTM", path)
		if err != nil {
			return nil, err
		}
		if reply.Code/100 == 2 {
			e.ModTime = parseTime(strings.TrimSpace(reply.last()))
		}
	}
	return e, nil
}

// missing adds ErrNotFound to a 550 or 553 that does not say that it is about
// permissions.
func missing(e *Error) error {
	if (e.Code == 550 || e.Code == 553) && !Denied(e) {
		return fmt.Errorf("%w: %w", ErrNotFound, e)
	}
	return e
}

// Denied says whether a server's text is about permissions: the codes 550 and
// 553 are about all that can be wrong with a file.
func Denied(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	text := strings.ToLower(e.Text)
	for _, word := range []string{"permission", "denied", "not allowed", "prohibited", "read-only", "not permitted"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// parseMLST reads the one line of facts, which begins with a space.
func parseMLST(reply *Reply) (*Entry, error) {
	for _, line := range reply.Lines {
		if facts, ok := strings.CutPrefix(line, " "); ok {
			e, _, err := parseFacts(facts)
			if err != nil {
				return nil, err
			}
			if strings.Contains(strings.ToLower(facts), "type=cdir;") {
				e.Type = Folder
			}
			return &e, nil
		}
	}
	return nil, fmt.Errorf("%w: no facts in the answer to MLST", ErrProtocol)
}

// IsFolder says whether there is a folder at a path.
func (c *Conn) IsFolder(ctx context.Context, path string) (bool, error) {
	if c.Has("MLST") {
		e, err := c.Stat(ctx, path)
		if err == nil {
			return e.Type == Folder, nil
		}
		if Code(err) == 0 {
			return false, err
		}
	}
	reply, err := c.exchange(ctx, "CWD", path) // every path is absolute: nobody minds
	return err == nil && reply.Code/100 == 2, err
}

// Retrieve begins to read a file at an offset.
func (c *Conn) Retrieve(ctx context.Context, path string, off int64) (*Data, error) {
	return c.transfer(ctx, off, "RETR", path)
}

// Store begins to write a file. Offset 0 begins it anew; any other goes on there
// and leaves what is in front of it (REST and STOR).
func (c *Conn) Store(ctx context.Context, path string, off int64) (*Data, error) {
	return c.transfer(ctx, off, "STOR", path)
}

// Append begins to write at the end of a file.
func (c *Conn) Append(ctx context.Context, path string) (*Data, error) {
	return c.transfer(ctx, 0, "APPE", path)
}

// Rename gives a file another path. began says that the server may have done it
// even when there is an error.
func (c *Conn) Rename(ctx context.Context, from, to string) (began bool, err error) {
	if HasControl(to) {
		return false, ErrControl // a RNFR that no RNTO follows would stay in force
	}
	if _, err := c.want(ctx, 3, "RNFR", from); err != nil {
		return false, err
	}
	_, err = c.want(ctx, 2, "RNTO", to)
	return true, err
}

// Delete removes a file.
func (c *Conn) Delete(ctx context.Context, path string) error {
	_, err := c.want(ctx, 2, "DELE", path)
	return err
}

// MakeFolder makes one folder.
func (c *Conn) MakeFolder(ctx context.Context, path string) error {
	_, err := c.want(ctx, 2, "MKD", path)
	return err
}

// RemoveFolder removes an empty folder.
func (c *Conn) RemoveFolder(ctx context.Context, path string) error {
	_, err := c.want(ctx, 2, "RMD", path)
	return err
}

// Noop asks whether the connection is alive.
func (c *Conn) Noop(ctx context.Context) error {
	_, err := c.want(ctx, 2, "NOOP", "")
	return err
}

// List calls each for every entry of a folder, until it returns an error. Entries
// come in the server's order, hidden ones too, without the folder itself and its parent.
func (c *Conn) List(ctx context.Context, folder string, each func(Entry) error) error {
	if c.Has("MLST") && !c.cfg.UseLIST { // RFC 3659 section 7.8: it means MLSD too
		d, err := c.transfer(ctx, 0, "MLSD", folder)
		if err != nil {
			return err
		}
		return d.entries(ctx, parseFacts, each)
	}
	// Not as an argument, in which servers look for patterns and options.
	if _, err := c.want(ctx, 2, "CWD", folder); err != nil {
		return err
	}
	d, err := c.list(ctx)
	if err != nil {
		return err
	}
	return d.entries(ctx, parseListLine, each)
}

// list lists the working folder. "-a" is no part of any RFC, and the way to see
// names with a dot on servers that hide them; the "." keeps a file of the name
// "-a" from being listed in its place.
func (c *Conn) list(ctx context.Context) (*Data, error) {
	if c.listAll == "" {
		c.listAll = "-a"
		reply, err := c.exchange(ctx, "SYST", "")
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(strings.ToLower(reply.last()), "windows") {
			c.listAll = "none"
		}
	}
	if c.listAll == "-a" {
		d, err := c.transfer(ctx, 0, "LIST", "-a .")
		if code := Code(err); code/100 != 5 && code != 450 {
			return d, err
		}
		c.listAll = "none"
	}
	return c.transfer(ctx, 0, "LIST", "")
}

// entries reads a listing to its end. A line in a form that nobody knows is left
// out, unless there is no other.
func (d *Data) entries(ctx context.Context, parse func(string) (Entry, bool, error), each func(Entry) error) error {
	release := d.Interrupt(ctx)
	defer release()
	r := bufio.NewReaderSize(&patient{ctx, d}, maxLine)
	var odd error
	known := false
	for {
		line, err := readLine(r)
		switch {
		case errors.Is(err, io.ErrUnexpectedEOF):
			if err := d.Finish(ctx); err != nil {
				return err
			}
			if !known {
				return odd
			}
			return nil
		case err != nil:
			return d.Because(ctx, err)
		}
		e, skip, err := parse(line)
		switch {
		case err != nil:
			odd = err
			continue
		case skip:
			known = true
			continue
		}
		known = true
		if strings.Contains(e.Name, "/") {
			e.Name = path.Base(e.Name) // some servers give paths
		}
		if err := each(e); err != nil {
			d.Abandon()
			return err
		}
	}
}

// patient gives each read of a listing the time limit of a reply.
type patient struct {
	ctx context.Context //nolint:containedctx // lives for one listing
	d   *Data
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.d.nc.SetReadDeadline(time.Now().Add(p.d.c.cfg.Timeout)); err != nil {
		return 0, err
	}
	if p.ctx.Err() != nil {
		return 0, context.Cause(p.ctx) // the interrupt may have come in front of the deadline
	}
	return p.d.nc.Read(b)
}
