using System.Security.Cryptography;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Health;
using Npgsql;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>The channels as this process routes by them, read from the table as a whole.</summary>
internal sealed class ChannelDirectory(NpgsqlDataSource db, CredentialSeal seal, ChannelHealths healths, ILogger<ChannelDirectory> logger) : IDisposable
{
    /// <summary>The notification that every change of a channel sends within its transaction.</summary>
    public const string Changed = "channels_changed";

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private volatile ChannelRoutes _routes = ChannelRoutes.None;

    public ChannelRoutes Routes => _routes;

    /// <summary>Reads the table again. What was committed before the call is in force when it returns.</summary>
    public async Task ReloadAsync(CancellationToken ct)
    {
        await _oneAtATime.WaitAsync(ct);
        try
        {
            var routes = await ReadAsync(ct);
            healths.Follow(routes.ById);
            _routes = routes;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<ChannelRoutes> ReadAsync(CancellationToken ct)
    {
        var channels = new List<Channel>();
        var listed = new List<(string, DateTimeOffset)>();
        await using var batch = db.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SelectChannels));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SelectListed));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) channels.Add(Read(reader));
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct)) listed.Add((reader.GetString(0), new DateTimeOffset(reader.GetDateTime(1))));
        return new ChannelRoutes(channels, listed);
    }

    private Channel Read(NpgsqlDataReader row)
    {
        var id = row.GetGuid(0);
        var credential = Open(id, row.GetFieldValue<byte[]>(4));
        return new Channel
        {
            Id = id,
            Provider = row.GetString(1),
            Name = row.GetString(2),
            BaseUrl = new Uri(row.GetString(3)),
            Credential = credential ?? "",
            Models = JsonSerializer.Deserialize<ChannelModel[]>(row.GetString(5), JsonSerializerOptions.Web)!,
            Priority = row.GetInt32(6),
            Weight = row.GetInt32(7),
            IsActive = row.GetString(8) == "active" && credential is not null,
            Region = row.IsDBNull(9) ? null : row.GetString(9),
            Limits = JsonSerializer.Deserialize<ChannelLimits>(row.GetString(10), JsonSerializerOptions.Web)!,
            Costs = JsonSerializer.Deserialize<Dictionary<string, ModelCost>>(row.GetString(11), JsonSerializerOptions.Web)!,
        };
    }

    /// <summary>Null when the credential cannot be read: that channel is out of use, the others are not.</summary>
    private string? Open(Guid id, byte[] sealedCredential)
    {
        try
        {
            return seal.Open(id, sealedCredential);
        }
        catch (CryptographicException exception)
        {
            logger.LogError("Channel {Id} is not used, its credential cannot be opened: {Reason}", id, exception.Message);
            return null;
        }
    }

    private const string SelectChannels = """
        select id, provider, name, base_url, credential, models::text, priority, weight, state, region, limits::text, price_overrides::text
        from channels order by id
        """;

    private const string SelectListed = "select name, listed_at from listed_models";
}
