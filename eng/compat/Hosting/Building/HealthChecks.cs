using System.Globalization;
using System.Net;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>What every kind of resource can be given: health checks.</summary>
public static partial class ResourceBuilderExtensions
{
    private static readonly TimeSpan HttpCheckTimeout = TimeSpan.FromSeconds(5);

    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key)
        where T : IResource
    {
        if (builder.Resource.Annotations.OfType<HealthCheckAnnotation>().Any(check => check.Key == key))
        {
            throw new DistributedApplicationException($"Resource '{builder.Resource.Name}' already has a health check with key '{key}'.");
        }

        builder.WithAnnotation(new HealthCheckAnnotation(key));
        return builder;
    }

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        var endpoint = HealthEndpoint(builder.Resource, endpointName);
        var expected = statusCode ?? (int)HttpStatusCode.OK;
        var key = string.Create(CultureInfo.InvariantCulture, $"{builder.Resource.Name}_{endpoint.EndpointName}_{path}_{expected}_check");
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key, services => new HttpCheck(services.GetRequiredService<IHttpClientFactory>(), endpoint, path, expected), HealthStatus.Unhealthy, tags: null, HttpCheckTimeout));
        return builder.WithHealthCheck(key);
    }

    private static EndpointReference HealthEndpoint(IResourceWithEndpoints resource, string? endpointName)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>();
        if (endpointName is not null && !endpoints.Any(e => string.Equals(e.Name, endpointName, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException($"The endpoint '{endpointName}' does not exist on the resource '{resource.Name}'.");
        }

        var endpoint = endpoints.FirstOrDefault(e => endpointName is null ? e.IsHttp : string.Equals(e.Name, endpointName, StringComparison.OrdinalIgnoreCase))
            ?? throw new DistributedApplicationException($"Could not create HTTP health check for resource '{resource.Name}' as no endpoint was found matching one of the specified names: https, http");
        return endpoint.IsHttp
            ? new EndpointReference(resource, endpoint.Name)
            : throw new DistributedApplicationException($"Could not create HTTP health check for resource '{resource.Name}' as the endpoint with name '{endpoint.Name}' and scheme '{endpoint.UriScheme}' is not an HTTP endpoint.");
    }

    /// <summary>Asks a path of the resource and expects one status.</summary>
    private sealed class HttpCheck(IHttpClientFactory clients, EndpointReference endpoint, string? path, int expected) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var address = new Uri(new Uri((await endpoint.GetValueAsync(cancellationToken))!), path ?? "/");
            try
            {
                using var client = clients.CreateClient(nameof(HttpCheck));
                using var response = await client.GetAsync(address, cancellationToken);
                return (int)response.StatusCode == expected
                    ? HealthCheckResult.Healthy()
                    : HealthCheckResult.Unhealthy(string.Create(CultureInfo.InvariantCulture, $"{address} answered {(int)response.StatusCode}, expected {expected}"));
            }
            catch (HttpRequestException exception)
            {
                return HealthCheckResult.Unhealthy($"{address}: {exception.Message}");
            }
        }
    }
}
