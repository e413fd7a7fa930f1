using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;

namespace Aigc2d.Accounts.Customers;

/// <summary>
/// Creates an account with a first key that may do everything. With an <c>Idempotency-Key</c> header it happens once: a repeat answers 200 instead of 201 with
/// the same ids and <c>"key": null</c>, because a key is shown once; whoever lost it revokes that key and creates another.
/// </summary>
internal static class CreateAccount
{
    public static void MapCreateAccount(this IEndpointRouteBuilder routes) => routes.MapPost("/admin/accounts", Handle);

    private static async Task<IResult> Handle(
        CreateAccountRequest body,
        [FromHeader(Name = CallHeaders.Actor)] string? actor,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        CustomerTable customers,
        CancellationToken ct)
    {
        if (body.Errors() is { Count: > 0 } errors) return Problems.Invalid(errors);
        if (idempotencyKey is { Length: 0 or > 255 }) return Problems.Invalid("Idempotency-Key", "must have 1 to 255 characters.");

        var creation = await customers.CreateAsync(body, actor, idempotencyKey, ct);
        var answer = new { creation.Id, Key = new { Id = creation.KeyId, creation.Key, creation.Last4 } };
        return creation.Outcome switch
        {
            CreationOutcome.Created => TypedResults.Created($"/admin/accounts/{creation.Id}", answer),
            CreationOutcome.Repeated => TypedResults.Ok(answer),
            CreationOutcome.Conflict => Problems.Conflict("idempotency-conflict", "This Idempotency-Key was used for another account; use a new key."),
            _ => throw new InvalidOperationException($"Unhandled outcome {creation.Outcome}."),
        };
    }
}
