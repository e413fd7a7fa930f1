using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>A new channel. Unknown members are refused, so that a misspelt one does not pass unnoticed.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateChannelRequest
{
    public required string Provider { get; init; }

    public required string Name { get; init; }

    public required string BaseUrl { get; init; }

    public required string Credential { get; init; }

    [JsonConverter(typeof(ChannelModelsConverter))]
    public required ChannelModel[] Models { get; init; }

    public int Priority { get; init; }

    public int Weight { get; init; } = ChannelFields.DefaultWeight;

    /// <summary>A short label, for example <c>eu</c>; empty takes it away.</summary>
    public string? Region { get; init; }

    public ChannelLimits? Limits { get; init; }

    /// <summary>What the provider charges us, by the name of the model.</summary>
    public Dictionary<string, ModelCost>? PriceOverrides { get; init; }
}

/// <summary>The members of a channel that are to change; what is absent stays.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PatchChannelRequest
{
    public string? Name { get; init; }

    public string? BaseUrl { get; init; }

    public string? Credential { get; init; }

    [JsonConverter(typeof(ChannelModelsConverter))]
    public ChannelModel[]? Models { get; init; }

    public int? Priority { get; init; }

    public int? Weight { get; init; }

    public string? State { get; init; }

    /// <summary>A short label, for example <c>eu</c>; empty takes it away.</summary>
    public string? Region { get; init; }

    public ChannelLimits? Limits { get; init; }

    /// <summary>What the provider charges us, by the name of the model.</summary>
    public Dictionary<string, ModelCost>? PriceOverrides { get; init; }
}

/// <summary>A channel as operators see it; of the credential the end only.</summary>
public sealed record ChannelResponse
{
    public required Guid Id { get; init; }

    public required string Provider { get; init; }

    public required string Name { get; init; }

    public required string BaseUrl { get; init; }

    public required ChannelModel[] Models { get; init; }

    public required int Priority { get; init; }

    public required int Weight { get; init; }

    public required string State { get; init; }

    public required string CredentialLast4 { get; init; }

    public required string? Region { get; init; }

    public required ChannelLimits Limits { get; init; }

    public required Dictionary<string, ModelCost> PriceOverrides { get; init; }
}

/// <summary>A page of channels.</summary>
public sealed record ChannelsResponse(ChannelResponse[] Items, string? Next);

/// <summary>Reads models given as a bare name or as <c>{"name","upstream"}</c>.</summary>
public sealed class ChannelModelsConverter : JsonConverter<ChannelModel[]>
{
    public override ChannelModel[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("could not be converted");
        var models = new List<ChannelModel>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) models.Add(ReadModel(ref reader));
        return [.. models];
    }

    public override void Write(Utf8JsonWriter writer, ChannelModel[] value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, JsonSerializerOptions.Web);

    private static ChannelModel ReadModel(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String) return new ChannelModel(reader.GetString()!, reader.GetString()!);
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("could not be converted");

        string? name = null, upstream = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.GetString();
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) throw new JsonException("could not be converted");
            if (member == "name") name = reader.GetString();
            else if (member == "upstream") upstream = reader.GetString();
            else throw new JsonException($"The JSON property '{member}' could not be mapped");
        }

        return new ChannelModel(name ?? throw new JsonException("could not be converted"), upstream ?? name);
    }
}
