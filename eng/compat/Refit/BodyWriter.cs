using System.Reflection;

namespace Refit;

/// <summary>Writes a body argument: content and text as they are, everything else through the serializer by its declared type.</summary>
internal static class BodyWriter
{
    public static Func<IHttpContentSerializer, object, HttpContent> For(Type type)
    {
        if (type.IsAssignableTo(typeof(HttpContent))) return (_, body) => (HttpContent)body;
        if (type.IsAssignableTo(typeof(Stream))) return (_, body) => new StreamContent((Stream)body);
        if (type == typeof(string)) return (_, body) => new StringContent((string)body);

        var write = typeof(BodyWriter).GetMethod(nameof(Write), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type);
        return write.CreateDelegate<Func<IHttpContentSerializer, object, HttpContent>>();
    }

    private static HttpContent Write<T>(IHttpContentSerializer serializer, object body) => serializer.ToHttpContent((T)body);
}
