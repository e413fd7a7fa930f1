using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aigc2d.EndToEnd.Tests.Privacy;

/// <summary>Takes what the services export (OTLP over HTTP): counts it, looks for watched words in it, and keeps nothing.</summary>
internal sealed class TelemetrySink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _exports = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(Marker Marker, string Place), bool> _found = new();
    private volatile Marker[] _watched = [];

    public TelemetrySink()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", TakeAsync);
    }

    public string Url => _app.Urls.Single();

    public Task StartAsync() => _app.StartAsync();

    /// <summary>From now on these words are looked for.</summary>
    public void Watch(params Marker[] markers) => _watched = markers;

    /// <summary>Who has exported what, each as <c>service signal</c>, with how often.</summary>
    public IReadOnlyDictionary<string, int> Exports => _exports;

    /// <summary>Where a watched word was, each as <c>signal of service</c>.</summary>
    public string[] PlacesOf(Marker marker) => [.. _found.Keys.Where(found => found.Marker == marker).Select(found => found.Place)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http, string signal)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var text = Encoding.Latin1.GetString(body.GetBuffer(), 0, (int)body.Length);
        var service = ServiceOf(text);
        _exports.AddOrUpdate($"{service} {signal}", 1, (_, count) => count + 1);
        foreach (var marker in _watched)
        {
            if (marker.IsIn(text)) _found.TryAdd((marker, $"{signal} of {service}"), true);
        }

        http.Response.ContentType = "application/x-protobuf";
    }

    // service.name, then a value that is a string: two tags, each with a length.
    private static string ServiceOf(string export)
    {
        const string Name = "service.name";
        var at = export.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        return at < Name.Length || at + 4 > export.Length ? "unknown" : export.Substring(at + 4, Math.Min(export[at + 3], export.Length - at - 4));
    }
}
