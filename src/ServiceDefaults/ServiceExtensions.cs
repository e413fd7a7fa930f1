using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Aigc2d.ServiceDefaults.Internal;
using Aigc2d.ServiceDefaults.Json;
using Aigc2d.ServiceDefaults.Logging;
using Aigc2d.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Aigc2d.ServiceDefaults;

/// <summary>What every service of the suite is made with: telemetry, health, JSON, problems, redaction, internal authentication.</summary>
public static class ServiceExtensions
{
    /// <summary>Health checks with this tag do not make a service unready: it works on, degraded, while that part is away.</summary>
    public const string DegradedTag = "degraded";

    /// <summary>Adds the defaults. <paramref name="name"/> is the service's resource name, for example <c>billing</c>.</summary>
    public static void AddServiceDefaults(this WebApplicationBuilder builder, string name)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.AddRedactedLogging();
        builder.AddTelemetry(name);
        builder.AddInternalAuthentication(name);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHealthChecks();
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<BadRequestProblems>();
        builder.Services.AddExceptionHandler<OutageProblems>();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(options => ApplyTo(options.SerializerOptions));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(30));
    }

    /// <summary>Adds the middleware every service starts with and the health routes. With <paramref name="internalOnly"/> all other paths need the internal header.</summary>
    public static void UseServiceDefaults(this WebApplication app, bool internalOnly = true)
    {
        app.UseMiddleware<ServerSpans>();
        app.UseExceptionHandler();
        if (internalOnly) app.UseMiddleware<InternalAuthentication>();

        app.UseRouting();
        app.MapHealthChecks("/health", new HealthCheckOptions { Predicate = check => !check.Tags.Contains(DegradedTag) && !check.Tags.Contains("masstransit") });
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = _ => false });
    }

    /// <summary>The JSON of all bodies: camelCase, enums as snake_case names, times in UTC, duplicate properties refused, generated serialisers where there are any.</summary>
    public static JsonSerializerOptions ApplyTo(JsonSerializerOptions options)
    {
        options.AllowDuplicateProperties = false;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        options.Converters.Add(new UtcTimes());
        options.TypeInfoResolver = JsonTypeInfoResolver.Combine(ContractsJson.Default, new DefaultJsonTypeInfoResolver());
        return options;
    }
}
