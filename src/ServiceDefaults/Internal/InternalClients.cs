using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace Aigc2d.ServiceDefaults.Internal;

/// <summary>Clients for sibling services.</summary>
public static class InternalClients
{
    /// <summary>
    /// Adds the typed client of a sibling. An attempt may take 250 ms, one more is made, 1 s in all; after that, and while the circuit is open,
    /// calls fail at once with <see cref="ApiRequestException"/>, as every answer that never came does. Everything called this way is safe to repeat.
    /// </summary>
    /// <param name="builder">The service that calls.</param>
    /// <param name="service">The sibling's name.</param>
    /// <param name="attemptLimit">How long an attempt may take where the sibling itself waits for somebody; null for the usual 250 ms.</param>
    public static IHttpClientBuilder AddInternalClient<T>(this WebApplicationBuilder builder, string service, TimeSpan? attemptLimit = null)
        where T : class
    {
        var settings = new RefitSettings(new SystemTextJsonContentSerializer(ServiceExtensions.ApplyTo(new JsonSerializerOptions(JsonSerializerDefaults.Web))));
        var client = builder.Services.AddRefitGeneratedClient<T>(settings)
            .ConfigureHttpClient(http =>
            {
                http.BaseAddress = builder.Configuration.ServiceUri(service);
                http.Timeout = Timeout.InfiniteTimeSpan;
            })
            .ConfigurePrimaryHttpMessageHandler(() => SocketsHandler())
            .AddHttpMessageHandler(services => new ResilienceHandler(service, attemptLimit ?? ResilienceHandler.UsualAttemptLimit, services.GetRequiredService<TimeProvider>()))
            .AddHttpMessageHandler<InternalAuthenticationHandler>();
        client.RemoveAllLoggers();
        return client;
    }

    /// <summary>Adds a plain client of a sibling for streams: no time-out, no retry, by the name of the service.</summary>
    public static IHttpClientBuilder AddInternalHttpClient(this WebApplicationBuilder builder, string service)
    {
        var client = builder.Services.AddHttpClient(service, http =>
            {
                http.BaseAddress = builder.Configuration.ServiceUri(service);
                http.Timeout = Timeout.InfiniteTimeSpan;
            })
            .ConfigurePrimaryHttpMessageHandler(() => SocketsHandler())
            .AddHttpMessageHandler<InternalAuthenticationHandler>();
        client.RemoveAllLoggers();
        return client;
    }

    /// <summary>The address of a sibling, from <c>services:&lt;name&gt;:http:0</c>.</summary>
    /// <exception cref="InvalidOperationException">It is not configured.</exception>
    public static Uri ServiceUri(this IConfiguration configuration, string service) =>
        Uri.TryCreate(configuration[$"services:{service}:http:0"], UriKind.Absolute, out var uri)
            ? uri
            : throw new InvalidOperationException($"services:{service}:http:0 must be the absolute address of {service}.");

    private static SocketsHttpHandler SocketsHandler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(1),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = 1024,
    };
}
