using System.Text.Json.Serialization;
using Aigc2d.Accounts.Changes;
using Aigc2d.Accounts.Keys;
using Aigc2d.ServiceDefaults.Http;

namespace Aigc2d.Accounts.Accounts;

/// <summary>An operator makes an account with its first key. Its opening balance is posted by Billing.</summary>
internal static class CreateAccount
{
    private const int MaxNameLength = 200;

    public static void MapCreateAccount(this IEndpointRouteBuilder routes) => routes.MapPost("/admin/accounts", Handle);

    private static async Task<IResult> Handle(CreateAccountRequest body, ApiKey keys, AnnouncedChange change, CancellationToken ct)
    {
        if (body.Name.Length is 0 or > MaxNameLength || body.Name.Any(char.IsControl))
            return Problems.Invalid("name", $"must have 1 to {MaxNameLength} characters, none of them a control character.");

        var id = Guid.CreateVersion7();
        CreatedKey? key = null;
        await change.WriteAsync(
            id,
            keyId: null,
            batch =>
            {
                batch.BatchCommands.Add(new("insert into accounts (id, name) values ($1, $2)") { Parameters = { new() { Value = id }, new() { Value = body.Name } } });
                key = KeyRows.Insert(batch, id, new CreateKeyRequest { Name = "first key", Scopes = ["inference", "account"] }, keys);
            },
            ct);
        return TypedResults.Created($"/admin/accounts/{id}", new { id, key = new { id = key!.Id, key = key.Key, last4 = key.Last4 } });
    }
}

/// <summary>A new account.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CreateAccountRequest
{
    public required string Name { get; init; }
}
