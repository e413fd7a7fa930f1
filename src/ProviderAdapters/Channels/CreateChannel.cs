using Aigc2d.Contracts;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>Opens a way to a provider. It is routed over when the answer goes out.</summary>
public static class CreateChannel
{
    public static void MapCreateChannel(this IEndpointRouteBuilder routes) => routes.MapPost("", Handle);

    private static async Task<Results<Created<ChannelResponse>, ProblemHttpResult>> Handle(
        CreateChannelRequest body, HttpRequest request, NpgsqlDataSource db, CredentialSeal seal, ChannelDirectory directory, AdapterFamilies families, ILogger<Channel> logger, CancellationToken ct)
    {
        var errors = new ChannelFields().Provider(body.Provider, families.Providers).Name(body.Name).BaseUrl(body.BaseUrl).Credential(body.Credential)
            .FitsProvider(body.Provider, body.BaseUrl, body.Credential)
            .Models(body.Models).Priority(body.Priority).Weight(body.Weight).Region(body.Region).Limits(body.Limits).PriceOverrides(body.PriceOverrides).Errors;
        if (errors.Count > 0) return Problems.Invalid(errors);

        var id = Guid.CreateVersion7();
        var insert = new NpgsqlBatchCommand(Insert)
        {
            Parameters =
            {
                ChannelRow.Value(id, NpgsqlDbType.Uuid),
                ChannelRow.Value(body.Provider, NpgsqlDbType.Text),
                ChannelRow.Value(body.Name, NpgsqlDbType.Text),
                ChannelRow.Value(ChannelRow.WithoutSlash(body.BaseUrl), NpgsqlDbType.Text),
                ChannelRow.Value(seal.Seal(id, body.Credential), NpgsqlDbType.Bytea),
                ChannelRow.Value(ChannelRow.Last4(body.Credential), NpgsqlDbType.Text),
                ChannelRow.Json(body.Models),
                ChannelRow.Value(body.Priority, NpgsqlDbType.Integer),
                ChannelRow.Value(body.Weight, NpgsqlDbType.Integer),
                ChannelRow.Value(body.Region, NpgsqlDbType.Text),
                ChannelRow.Json(body.Limits),
                ChannelRow.Json(body.PriceOverrides),
            },
        };
        var channel = (await ChannelRow.ChangeAsync(db, insert, body.Models, ct))!;
        await directory.ReloadAsync(ct);
        logger.LogInformation("Channel {Id} was created by {Actor}", id, request.Headers[CallHeaders.Actor].ToString());
        return TypedResults.Created($"/admin/channels/{id}", channel);
    }

    private const string Insert = $"""
        insert into channels (id, provider, name, base_url, credential, credential_last4, models, priority, weight, region, limits, price_overrides, state)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, ''), coalesce($11, jsonb_build_object()), coalesce($12, jsonb_build_object()), 'active')
        returning {ChannelRow.Columns}
        """;
}
