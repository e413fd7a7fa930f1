using System.Net;
using System.Reflection;

namespace Refit;

internal delegate object Call(HttpClient client, RefitSettings settings, object?[] arguments);

/// <summary>Makes the call of one interface method: builds the request, sends it and turns the answer into what the method returns.</summary>
internal static class MethodCall
{
    public static Call For(MethodInfo method)
    {
        var plan = RequestPlan.Of(method);
        var returned = method.ReturnType;
        if (returned == typeof(Task)) return (client, settings, arguments) => SendAsync(plan, client, settings, arguments);
        if (!returned.IsGenericType || returned.GetGenericTypeDefinition() != typeof(Task<>)) throw Unsupported(method);

        var result = returned.GetGenericArguments()[0];
        if (result == typeof(HttpResponseMessage)) return (client, settings, arguments) => SendForResponseAsync(plan, client, settings, arguments);
        if (result == typeof(IApiResponse)) throw Unsupported(method);

        var definition = result.IsGenericType ? result.GetGenericTypeDefinition() : null;
        var (name, types) = definition == typeof(ApiResponse<>) || definition == typeof(IApiResponse<>)
            ? (nameof(WrapperCall), new[] { result, result.GetGenericArguments()[0] })
            : (nameof(ValueCall), [result]);
        var maker = typeof(MethodCall).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(types);
        return maker.CreateDelegate<Func<RequestPlan, Call>>()(plan);
    }

    private static Call ValueCall<T>(RequestPlan plan) =>
        (client, settings, arguments) => SendForValueAsync<T>(plan, client, settings, arguments);

    private static Call WrapperCall<TWrapper, T>(RequestPlan plan)
        where TWrapper : class, IApiResponse<T> =>
        (client, settings, arguments) => SendForWrapperAsync<TWrapper, T>(plan, client, settings, arguments);

    // Transport failures of calls without a result are thrown as they are; the genuine package does the same.
    private static async Task SendAsync(RequestPlan plan, HttpClient client, RefitSettings settings, object?[] arguments)
    {
        var cancellation = plan.Cancellation(arguments);
        using var request = plan.Build(client.BaseAddress!, settings, arguments);
        using var response = await client.SendAsync(request, cancellation).ConfigureAwait(false);
        if (await settings.ExceptionFactory(response).ConfigureAwait(false) is { } exception) throw exception;
    }

    private static async Task<HttpResponseMessage> SendForResponseAsync(
        RequestPlan plan, HttpClient client, RefitSettings settings, object?[] arguments)
    {
        using var request = plan.Build(client.BaseAddress!, settings, arguments);
        return await SendForHeadersAsync(client, request, settings, plan.Cancellation(arguments)).ConfigureAwait(false);
    }

    private static async Task<T?> SendForValueAsync<T>(RequestPlan plan, HttpClient client, RefitSettings settings, object?[] arguments)
    {
        var cancellation = plan.Cancellation(arguments);
        using var request = plan.Build(client.BaseAddress!, settings, arguments);
        using var response = await SendForHeadersAsync(client, request, settings, cancellation).ConfigureAwait(false);
        if (await settings.ExceptionFactory(response).ConfigureAwait(false) is { } exception) throw exception;
        return await ReadAsync<T>(request, response, settings, cancellation).ConfigureAwait(false);
    }

    private static async Task<TWrapper> SendForWrapperAsync<TWrapper, T>(
        RequestPlan plan, HttpClient client, RefitSettings settings, object?[] arguments)
        where TWrapper : class, IApiResponse<T>
    {
        var cancellation = plan.Cancellation(arguments);
        using var request = plan.Build(client.BaseAddress!, settings, arguments);
        HttpResponseMessage? response = null;
        T? content = default;
        ApiExceptionBase? error = null;
        try
        {
            response = await SendForHeadersAsync(client, request, settings, cancellation).ConfigureAwait(false);
            error = await settings.ExceptionFactory(response).ConfigureAwait(false) as ApiExceptionBase;
            if (error is null) content = await ReadAsync<T>(request, response, settings, cancellation).ConfigureAwait(false);
        }
        catch (ApiExceptionBase exception)
        {
            error = exception;
        }
        catch
        {
            response?.Dispose();
            throw;
        }

        return (TWrapper)(object)new ApiResponse<T>(request, response, content, settings, error);
    }

    private static async Task<HttpResponseMessage> SendForHeadersAsync(
        HttpClient client, HttpRequestMessage request, RefitSettings settings, CancellationToken cancellation)
    {
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            var surfaced = settings.TransportExceptionFactory(request, exception, cancellation);
            if (ReferenceEquals(surfaced, exception)) throw;
            throw surfaced;
        }
    }

    private static async Task<T?> ReadAsync<T>(
        HttpRequestMessage request, HttpResponseMessage response, RefitSettings settings, CancellationToken cancellation)
    {
        if (response.StatusCode == HttpStatusCode.NoContent || response.Content.Headers.ContentLength == 0) return default;
        try
        {
            if (typeof(T) == typeof(string)) return (T)(object)await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
            return await settings.ContentSerializer.FromHttpContentAsync<T>(response.Content, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            throw await ApiException.Create(
                "An error occured deserializing the response.", request, request.Method, response, settings, exception).ConfigureAwait(false);
        }
    }

    private static NotSupportedException Unsupported(MethodInfo method) =>
        new($"{method.DeclaringType}.{method.Name}: the stand-in does not support the return type {method.ReturnType}.");
}
