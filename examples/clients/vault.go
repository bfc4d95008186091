// Creates a customer, once however often it has to be sent, and lists all: VAULT_URL=… VAULT_KEY=… go run vault.go NAME
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	mathrand "math/rand"
	"net/http"
	"os"
	"time"
)

const create = `mutation Create($input: CreateCustomerInput!) {
  createCustomer(input: $input) { customer { id } userErrors { code field message } }
}`

const page = `query Page($after: String) {
  customers(first: 50, after: $after) { nodes { id name } pageInfo { hasNextPage endCursor } }
}`

var again = map[string]bool{
	"DATABASE_UNAVAILABLE": true, "OVERLOADED": true, "TIMEOUT": true, "STORAGE_FULL": true, "PROVIDER_UNAVAILABLE": true,
}

// vaultError is what the caller cannot mend.
type vaultError []struct {
	Message    string
	Extensions struct{ Code string }
}

func (e vaultError) Error() string { return e[0].Message }

// worthTrying says whether the same call should be sent again, with the same key: nobody knows whether it was done.
func worthTrying(err error) bool {
	var said vaultError
	for errors.As(err, &said); len(said) > 0; said = said[1:] {
		if !again[said[0].Extensions.Code] {
			return false
		}
	}
	return true
}

var client = http.Client{Timeout: 20 * time.Second}

// ask sends an operation once and decodes its data; without an idempotency key where that is empty.
func ask(query string, variables map[string]any, key string, data any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	request, err := http.NewRequest("POST", os.Getenv("VAULT_URL")+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+os.Getenv("VAULT_KEY"))
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer := struct {
		Data   any
		Errors vaultError
	}{Data: data}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	if len(answer.Errors) > 0 {
		return answer.Errors
	}
	return nil
}

type payload struct {
	Customer   *struct{ ID string }
	UserErrors []struct {
		Code, Message string
		Field         []string
	}
}

// createCustomer gives each try the same idempotency key, and waits longer after each.
func createCustomer(customer map[string]any) (payload, error) {
	key := make([]byte, 16)
	if _, err := rand.Read(key); err != nil {
		return payload{}, err
	}
	for wait := 100 * time.Millisecond; ; wait *= 2 {
		var data struct{ CreateCustomer payload }
		err := ask(create, map[string]any{"input": customer}, fmt.Sprintf("%x", key), &data)
		problems := data.CreateCustomer.UserErrors
		running := len(problems) > 0 && problems[0].Code == "IDEMPOTENCY_IN_PROGRESS"
		if wait > 10*time.Second || (err == nil && !running) || (err != nil && !worthTrying(err)) {
			return data.CreateCustomer, err
		}
		time.Sleep(time.Duration(float64(wait) * (0.5 + mathrand.Float64())))
	}
}

// printCustomers goes through every customer, newest first, a page at a time.
func printCustomers() error {
	for after, more := (*string)(nil), true; more; {
		var data struct {
			Customers struct {
				Nodes    []struct{ ID, Name string }
				PageInfo struct {
					HasNextPage bool
					EndCursor   *string
				}
			}
		}
		if err := ask(page, map[string]any{"after": after}, "", &data); err != nil {
			return err
		}
		for _, customer := range data.Customers.Nodes {
			fmt.Println(customer.ID, customer.Name)
		}
		after, more = data.Customers.PageInfo.EndCursor, data.Customers.PageInfo.HasNextPage
	}
	return nil
}

func main() {
	created, err := createCustomer(map[string]any{"name": os.Args[1], "metadata": map[string]string{"from": "Go"}})
	if err != nil {
		log.Fatal(err)
	}
	if len(created.UserErrors) > 0 {
		log.Fatal(created.UserErrors)
	}
	fmt.Println("Created", created.Customer.ID)
	if err := printCustomers(); err != nil {
		log.Fatal(err)
	}
}
