using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>Changes what is given of a channel: address, credential, models, order, or whether it is used at all.</summary>
public static class PatchChannel
{
    public static void MapPatchChannel(this IEndpointRouteBuilder routes) => routes.MapPatch("/{id:guid}", Handle);

    private static async Task<Results<Ok<ChannelResponse>, ProblemHttpResult>> Handle(
        Guid id, PatchChannelRequest body, HttpRequest request, NpgsqlDataSource db, CredentialSeal seal, ChannelDirectory directory, ILogger<Channel> logger, CancellationToken ct)
    {
        var fields = new ChannelFields();
        if (body.Name is { } name) fields.Name(name);
        if (body.BaseUrl is { } baseUrl) fields.BaseUrl(baseUrl);
        if (body.Credential is { } credential) fields.Credential(credential);
        if (directory.Routes.ById.TryGetValue(id, out var known)) fields.FitsProvider(known.Provider, body.BaseUrl, body.Credential);
        if (body.Models is { } models) fields.Models(models);
        if (body.Priority is { } priority) fields.Priority(priority);
        if (body.Weight is { } weight) fields.Weight(weight);
        if (body.State is { } state) fields.State(state);
        fields.Region(body.Region).Limits(body.Limits).PriceOverrides(body.PriceOverrides);
        if (fields.Errors.Count > 0) return Problems.Invalid(fields.Errors);

        var update = new NpgsqlBatchCommand(Update)
        {
            Parameters =
            {
                ChannelRow.Value(id, NpgsqlDbType.Uuid),
                ChannelRow.Value(body.Name, NpgsqlDbType.Text),
                ChannelRow.Value(body.BaseUrl is null ? null : ChannelRow.WithoutSlash(body.BaseUrl), NpgsqlDbType.Text),
                ChannelRow.Value(body.Credential is null ? null : seal.Seal(id, body.Credential), NpgsqlDbType.Bytea),
                ChannelRow.Value(body.Credential is null ? null : ChannelRow.Last4(body.Credential), NpgsqlDbType.Text),
                ChannelRow.Json(body.Models),
                ChannelRow.Value(body.Priority, NpgsqlDbType.Integer),
                ChannelRow.Value(body.Weight, NpgsqlDbType.Integer),
                ChannelRow.Value(body.State, NpgsqlDbType.Text),
                ChannelRow.Value(body.Region, NpgsqlDbType.Text),
                ChannelRow.Json(body.Limits),
                ChannelRow.Json(body.PriceOverrides),
            },
        };
        if (await ChannelRow.ChangeAsync(db, update, body.Models, ct) is not { } channel) return Problems.NotFound($"There is no channel {id}.");

        await directory.ReloadAsync(ct);
        logger.LogInformation("Channel {Id} was changed by {Actor}", id, request.Headers[CallHeaders.Actor].ToString());
        return TypedResults.Ok(channel);
    }

    private const string Update = $"""
        update channels set
            name = coalesce($2, name),
            base_url = coalesce($3, base_url),
            credential = coalesce($4, credential),
            credential_last4 = coalesce($5, credential_last4),
            models = coalesce($6, models),
            priority = coalesce($7, priority),
            weight = coalesce($8, weight),
            state = coalesce($9, state),
            region = nullif(coalesce($10, region), ''),
            limits = coalesce($11, limits),
            price_overrides = coalesce($12, price_overrides)
        where id = $1
        returning {ChannelRow.Columns}
        """;
}
