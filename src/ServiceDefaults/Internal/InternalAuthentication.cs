using Aigc2d.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.ServiceDefaults.Internal;

/// <summary>Lets only sibling services in: every path but the health routes needs the internal header.</summary>
internal sealed class InternalAuthentication(RequestDelegate next, InternalKey key)
{
    // The header of a caller never changes, so its proof is computed once.
    private volatile string? _lastProven;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.Value is "/health" or "/alive") return next(context);

        string? header = context.Request.Headers[CallHeaders.Internal];
        if (header is not null && (header == _lastProven || key.CallerOf(header) is not null))
        {
            _lastProven = header;
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}

/// <summary>Adds the internal header to outgoing calls.</summary>
public sealed class InternalAuthenticationHandler(InternalKey key) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Remove(CallHeaders.Internal);
        request.Headers.TryAddWithoutValidation(CallHeaders.Internal, key.HeaderValue);
        return base.SendAsync(request, cancellationToken);
    }
}

internal static class InternalAuthenticationExtensions
{
    public static void AddInternalAuthentication(this WebApplicationBuilder builder, string name)
    {
        builder.Services.AddSingleton(new InternalKey(builder.Configuration["InternalAuth:Key"], name));
        builder.Services.AddTransient<InternalAuthenticationHandler>();
    }
}
