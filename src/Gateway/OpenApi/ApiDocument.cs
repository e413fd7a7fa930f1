using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;

namespace Aigc2d.Gateway.OpenApi;

/// <summary>The OpenAPI document of the public API: the files of the folder <c>Document</c>, joined when it is asked for the first time and kept.</summary>
internal sealed class ApiDocument
{
    private const string Folder = "OpenApi.Document/";
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lazy<byte[]> _json = new(() => Encoding.UTF8.GetBytes(Join().ToJsonString(Readable)));
    private Edition? _latest;

    /// <summary>The document with the address that its paths are relative to.</summary>
    public Edition For(string serverUrl)
    {
        // Nearly everybody calls the same address; one edition is kept, so that made-up host names fill no memory.
        if (Volatile.Read(ref _latest) is { } latest && latest.ServerUrl == serverUrl) return latest;

        var servers = JsonSerializer.SerializeToUtf8Bytes(new[] { new { url = serverUrl } }, Readable);
        byte[] json = [.. "{\"servers\":"u8, .. servers, (byte)',', .. _json.Value.AsSpan(1)];
        var edition = new Edition(serverUrl, json, new($"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 16))}\""));
        Volatile.Write(ref _latest, edition);
        return edition;
    }

    private static JsonObject Join()
    {
        var assembly = typeof(ApiDocument).Assembly;
        var document = new JsonObject();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var file = new StreamReader(assembly.GetManifestResourceStream(name)!);
            Add(document, YamlJson.Read(file), name);
        }

        return document;
    }

    private static void Add(JsonObject whole, JsonObject part, string place)
    {
        foreach (var (name, value) in part.ToArray())
        {
            part.Remove(name);
            if (whole.TryAdd(name, value)) continue;
            if (whole[name] is not JsonObject known || value is not JsonObject more) throw new InvalidOperationException($"{place}/{name} is there already.");

            Add(known, more, $"{place}/{name}");
        }
    }

    /// <summary>The document as JSON, and the tag of exactly these bytes.</summary>
    internal sealed record Edition(string ServerUrl, byte[] Json, EntityTagHeaderValue Tag);
}
