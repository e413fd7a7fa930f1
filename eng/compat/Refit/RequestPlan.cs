using System.Collections;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;

namespace Refit;

/// <summary>How the arguments of one interface method become a request; worked out once, when the first client of the interface is made.</summary>
internal sealed class RequestPlan
{
    private readonly HttpMethodAttribute _verb;
    private readonly List<Segment> _path = [];
    private readonly List<(string Name, int Argument, CollectionFormat Format)> _query = [];
    private readonly List<(string Name, int Argument)> _headers = [];
    private readonly List<(string Name, string Value)> _fixedHeaders = [];
    private Func<IHttpContentSerializer, object, HttpContent>? _write;
    private int _body = -1;
    private int _cancellation = -1;

    private RequestPlan(HttpMethodAttribute verb) => _verb = verb;

    public static RequestPlan Of(MethodInfo method)
    {
        var where = $"{method.DeclaringType}.{method.Name}";
        var verb = method.GetCustomAttribute<HttpMethodAttribute>() ?? throw new NotSupportedException($"{where} has no HTTP method attribute.");
        if (!verb.Path.StartsWith('/')) throw new ArgumentException($"{where}: the path {verb.Path} must start with '/'.", nameof(method));

        var plan = new RequestPlan(verb);
        var unused = method.GetParameters().ToList();
        plan.ReadPath(unused, where);
        foreach (var parameter in unused) plan.ReadParameter(parameter, where);
        plan.ReadFixedHeaders(method);
        return plan;
    }

    public CancellationToken Cancellation(object?[] arguments) =>
        _cancellation < 0 ? CancellationToken.None : (CancellationToken)arguments[_cancellation]!;

    public HttpRequestMessage Build(Uri baseAddress, RefitSettings settings, object?[] arguments)
    {
        var uri = new StringBuilder(baseAddress.AbsolutePath.TrimEnd('/'));
        foreach (var segment in _path)
            uri.Append(segment.Argument < 0 ? segment.Literal : Uri.EscapeDataString(UrlValue.Format(arguments[segment.Argument])));
        AppendQuery(uri, arguments);

        var request = new HttpRequestMessage(_verb.Method, new Uri(uri.ToString(), UriKind.Relative));
        if (_write is not null && arguments[_body] is { } body) request.Content = _write(settings.ContentSerializer, body);
        foreach (var (name, value) in _fixedHeaders) SetHeader(request, name, value);
        foreach (var (name, argument) in _headers)
            SetHeader(request, name, arguments[argument] is { } value ? UrlValue.Format(value) : null);
        return request;
    }

    private void ReadPath(List<ParameterInfo> unused, string where)
    {
        var rest = _verb.Path;
        for (var open = rest.IndexOf('{', StringComparison.Ordinal); open >= 0; open = rest.IndexOf('{', StringComparison.Ordinal))
        {
            var close = rest.IndexOf('}', open);
            if (close < 0) throw new ArgumentException($"{where}: the path {_verb.Path} has an unclosed placeholder.", where);

            var name = rest[(open + 1)..close];
            var parameter = unused.Find(p => string.Equals(NameOf(p), name, StringComparison.OrdinalIgnoreCase))
                ?? throw new ArgumentException($"{where}: the path {_verb.Path} has the placeholder {name}, but no parameter matches.", where);
            unused.Remove(parameter);
            _path.Add(new Segment(rest[..open], -1));
            _path.Add(new Segment(string.Empty, parameter.Position));
            rest = rest[(close + 1)..];
        }

        _path.Add(new Segment(rest, -1));
    }

    private void ReadParameter(ParameterInfo parameter, string where)
    {
        var query = parameter.GetCustomAttribute<QueryAttribute>();
        if (parameter.ParameterType == typeof(CancellationToken)) _cancellation = parameter.Position;
        else if (parameter.GetCustomAttribute<HeaderAttribute>() is { } header) _headers.Add((header.Header, parameter.Position));
        else if (parameter.IsDefined(typeof(BodyAttribute)))
        {
            if (_body >= 0) throw new ArgumentException($"{where} has two bodies.", where);
            _body = parameter.Position;
            _write = BodyWriter.For(parameter.ParameterType);
        }
        else if (UrlValue.IsScalar(parameter.ParameterType)) _query.Add((NameOf(parameter), parameter.Position, CollectionFormat.RefitParameterFormatter));
        else if (query is { CollectionFormat: CollectionFormat.Multi or CollectionFormat.Csv } && parameter.ParameterType.IsAssignableTo(typeof(IEnumerable)))
            _query.Add((NameOf(parameter), parameter.Position, query.CollectionFormat));
        else throw new NotSupportedException($"{where}: the stand-in does not support the parameter {parameter.Name}; mark a body with [Body].");
    }

    private void ReadFixedHeaders(MethodInfo method)
    {
        var lines = new[] { method.DeclaringType!.GetCustomAttribute<HeadersAttribute>(), method.GetCustomAttribute<HeadersAttribute>() }
            .SelectMany(attribute => attribute?.Headers ?? []);
        foreach (var line in lines)
        {
            var parts = line.Split(':', 2, StringSplitOptions.TrimEntries);
            if (parts.Length == 2) _fixedHeaders.Add((parts[0], parts[1]));
        }
    }

    private void AppendQuery(StringBuilder uri, object?[] arguments)
    {
        var separator = _verb.Path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var (name, argument, format) in _query)
        {
            if (arguments[argument] is not { } value) continue;
            foreach (var text in UrlValue.FormatAll(value, format))
            {
                uri.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(text));
                separator = '&';
            }
        }
    }

    private static void SetHeader(HttpRequestMessage request, string name, string? value)
    {
        HttpHeaders? headers = name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) ? request.Content?.Headers : request.Headers;
        headers?.Remove(name);
        if (value is not null) headers?.TryAddWithoutValidation(name, value);
    }

    private static string NameOf(ParameterInfo parameter) => parameter.GetCustomAttribute<AliasAsAttribute>()?.Name ?? parameter.Name!;

    private readonly record struct Segment(string Literal, int Argument);
}
