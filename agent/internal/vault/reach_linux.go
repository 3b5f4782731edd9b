package vault

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/godbus/dbus/v5"
)

// Secret Service API 0.2, freedesktop.org.
const (
	secretsName     = "org.freedesktop.secrets"
	secretsPath     = dbus.ObjectPath("/org/freedesktop/secrets")
	serviceFace     = "org.freedesktop.Secret.Service"
	collectionFace  = "org.freedesktop.Secret.Collection"
	loginCollection = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
)

// reach asks the Secret Service for its state over a connection of its own,
// which never starts a bus: go-keyring would launch one that stays, and waits
// without end for an unlock prompt. It looks at the collection that go-keyring
// will use.
func reach(ctx context.Context) (State, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	conn, err := dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(ctx))
	if err != nil {
		return StateAbsent, fmt.Errorf("no session bus: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.Auth(nil); err != nil {
		return StateAbsent, fmt.Errorf("the session bus did not let us in: %w", err)
	}
	if err := conn.Hello(); err != nil {
		return StateAbsent, fmt.Errorf("the session bus did not greet: %w", err)
	}
	if err := ensureService(ctx, conn.BusObject()); err != nil {
		return StateAbsent, err
	}
	path, err := collection(ctx, conn.Object(secretsName, secretsPath))
	if err != nil {
		return StateAbsent, err
	}
	locked, err := property[bool](ctx, conn.Object(secretsName, path), collectionFace, "Locked")
	switch {
	case err != nil:
		return StateAbsent, err
	case locked:
		return StateLocked, nil
	}
	return StateOK, nil
}

// ensureService starts the Secret Service if it is not there but can be.
func ensureService(ctx context.Context, bus dbus.BusObject) error {
	var owned bool
	if err := bus.CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, secretsName).Store(&owned); err != nil {
		return fmt.Errorf("asking the session bus: %w", err)
	}
	if owned {
		return nil
	}
	var names []string
	if err := bus.CallWithContext(ctx, "org.freedesktop.DBus.ListActivatableNames", 0).Store(&names); err != nil {
		return fmt.Errorf("asking the session bus: %w", err)
	}
	if !slices.Contains(names, secretsName) {
		return errors.New("no program offers a keyring")
	}
	if err := bus.CallWithContext(ctx, "org.freedesktop.DBus.StartServiceByName", 0, secretsName, uint32(0)).Err; err != nil {
		return fmt.Errorf("starting the keyring: %w", err)
	}
	return nil
}

func collection(ctx context.Context, service dbus.BusObject) (dbus.ObjectPath, error) {
	paths, err := property[[]dbus.ObjectPath](ctx, service, serviceFace, "Collections")
	if err != nil {
		return "", err
	}
	if slices.Contains(paths, loginCollection) {
		return loginCollection, nil
	}
	var path dbus.ObjectPath
	if err := service.CallWithContext(ctx, serviceFace+".ReadAlias", 0, "default").Store(&path); err != nil {
		return "", fmt.Errorf("asking the keyring: %w", err)
	}
	if path == "/" {
		return "", errors.New("the keyring has no collection to store in")
	}
	return path, nil
}

func property[T any](ctx context.Context, o dbus.BusObject, face, name string) (T, error) {
	var v dbus.Variant
	if err := o.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, face, name).Store(&v); err != nil {
		return *new(T), fmt.Errorf("asking the keyring for %s: %w", name, err)
	}
	value, ok := v.Value().(T)
	if !ok {
		return value, fmt.Errorf("the keyring's %s is of another type", name)
	}
	return value, nil
}
